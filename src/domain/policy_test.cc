// The whole table of permission: every action, kind of caller, role and visibility, written out.
#include "domain/policy.h"

#include <gtest/gtest.h>

#include <array>

namespace kontor {
namespace {

constexpr std::array kActions = {Action::read,      Action::create,      Action::publish,
                                 Action::change,    Action::manage,      Action::unpublish,
                                 Action::star,      Action::own_account, Action::edit_account,
                                 Action::administer};

UserId alice_id() {
  return UserId(7);
}

// One letter a verdict: o permitted, a unauthenticated, s insufficient_scope, n not_found,
// f forbidden, r read_only.
char letter(const std::optional<Error>& refused) {
  if (!refused) return 'o';
  switch (refused->code) {
    case Code::unauthenticated:
      return 'a';
    case Code::insufficient_scope:
      return 's';
    case Code::not_found:
      return 'n';
    case Code::forbidden:
      return 'f';
    case Code::read_only:
      return 'r';
    default:
      return '?';
  }
}

Principal caller(TokenRights rights, bool admin, std::vector<std::string> packages) {
  Principal who;
  who.credential = Credential::token;
  who.user = alice_id();
  who.name = "alice";
  who.is_admin = admin;
  who.rights = rights;
  who.packages = std::move(packages);
  return who;
}

enum class Role { none, reader, maintainer };

std::vector<Owner> owners_with(Role role) {
  std::vector<Owner> owners = {{UserId(1), "somebody", "", OwnerRole::maintainer}};
  if (role != Role::none)
    owners.push_back({alice_id(), "alice", "",
                      role == Role::reader ? OwnerRole::reader : OwnerRole::maintainer});
  return owners;
}

bool about_accounts(Action action) {
  return action == Action::own_account || action == Action::edit_account ||
         action == Action::administer;
}

std::string verdicts(const Principal& who, Role role, Visibility visibility,
                     const Policy& policy = {}) {
  const auto owners = owners_with(role);
  std::string out;
  for (const auto action : kActions) {
    Resource what;
    if (!about_accounts(action)) what = {"@scope/pkg", visibility, &owners, {}};
    out += letter(decide(who, action, what, policy));
  }
  return out;
}

struct Row {
  const char* who;
  Principal principal;
  Role role;
  // read create publish change manage unpublish star own_account edit_account administer
  const char* open;
  const char* restricted;
};

TEST(Policy, decides_as_the_table_says) {
  using enum Role;
  constexpr auto kReadOnly = TokenRights::read_only;
  constexpr auto kPublish = TokenRights::publish;
  constexpr auto kFull = TokenRights::full;
  const auto user = [](TokenRights rights) { return caller(rights, false, {}); };
  const auto admin = [](TokenRights rights) { return caller(rights, true, {}); };
  const Principal covered = caller(kFull, false, {"@scope/*"});
  const Principal uncovered = caller(kFull, false, {"@other/*", "pkg"});
  const Row table[] = {
      {"anonymous", {}, none, "oaaaaaaaaa", "naaaaaaaaa"},

      {"read-only token, stranger", user(kReadOnly), none, "ossssssoss", "nssssssoss"},
      {"read-only token, reader", user(kReadOnly), reader, "ossssssoss", "ossssssoss"},
      {"read-only token, maintainer", user(kReadOnly), maintainer, "ossssssoss", "ossssssoss"},

      {"publish token, stranger", user(kPublish), none, "ooffsfooss", "nnnnsnnoss"},
      {"publish token, reader", user(kPublish), reader, "ooffsfooss", "ooffsfooss"},
      {"publish token, maintainer", user(kPublish), maintainer, "oooosoooss", "oooosoooss"},

      {"full login, stranger", user(kFull), none, "ooffffooof", "nnnnnnnoof"},
      {"full login, reader", user(kFull), reader, "ooffffooof", "ooffffooof"},
      {"full login, maintainer", user(kFull), maintainer, "ooooooooof", "ooooooooof"},

      {"token for the scope, stranger", covered, none, "ooffffooss", "nnnnnnnoss"},
      {"token for the scope, reader", covered, reader, "ooffffooss", "ooffffooss"},
      {"token for the scope, maintainer", covered, maintainer, "ooooooooss", "ooooooooss"},

      {"token for others, stranger", uncovered, none, "nssssssoss", "nssssssoss"},
      {"token for others, reader", uncovered, reader, "nssssssoss", "nssssssoss"},
      {"token for others, maintainer", uncovered, maintainer, "nssssssoss", "nssssssoss"},

      {"administrator", admin(kFull), none, "oooooooooo", "oooooooooo"},
      {"administrator, reader", admin(kFull), reader, "oooooooooo", "oooooooooo"},
      {"administrator, maintainer", admin(kFull), maintainer, "oooooooooo", "oooooooooo"},
      {"administrator, publish token", admin(kPublish), none, "oooosoooss", "oooosoooss"},
      {"administrator, read-only token", admin(kReadOnly), none, "ossssssoss", "ossssssoss"},
      {"administrator, token for others", caller(kFull, true, {"x"}), none, "nssssssoss",
       "nssssssoss"},
      {"administrator, token for the scope", caller(kFull, true, {"@scope/*"}), none, "ooooooooss",
       "ooooooooss"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(verdicts(row.principal, row.role, Visibility::open), row.open) << row.who;
    EXPECT_EQ(verdicts(row.principal, row.role, Visibility::restricted), row.restricted)
        << row.who << ", restricted";
  }
}

TEST(Policy, a_registry_without_anonymous_reads_asks_strangers_to_log_in) {
  Policy policy;
  policy.anonymous_read = false;
  EXPECT_EQ(verdicts({}, Role::none, Visibility::open, policy), "aaaaaaaaaa");
  EXPECT_EQ(verdicts({}, Role::none, Visibility::restricted, policy), "aaaaaaaaaa");
  EXPECT_EQ(verdicts(caller(TokenRights::full, false, {}), Role::none, Visibility::open, policy),
            "ooffffooof");
}

TEST(Policy, a_read_only_registry_takes_no_write_from_anybody) {
  Policy policy;
  policy.read_only = true;
  for (const bool admin : {false, true})
    EXPECT_EQ(
        verdicts(caller(TokenRights::full, admin, {}), Role::maintainer, Visibility::open, policy),
        "orrrrrrorr");
  EXPECT_EQ(
      verdicts(caller(TokenRights::full, false, {}), Role::none, Visibility::restricted, policy),
      "nnnnnnnorr")
      << "what is hidden stays hidden";
  EXPECT_EQ(verdicts({}, Role::none, Visibility::open, policy), "oaaaaaaaaa");
}

TEST(Policy, a_hidden_package_looks_like_one_that_does_not_exist) {
  const auto owners = owners_with(Role::none);
  const Resource hidden{"@scope/pkg", Visibility::restricted, &owners, {}};
  for (const auto& who : {Principal{}, caller(TokenRights::full, false, {})})
    EXPECT_EQ(decide(who, Action::read, hidden, {}), (Error{Code::not_found, {}, {}}));
  EXPECT_EQ(decide(caller(TokenRights::full, false, {}), Action::publish, hidden, {}),
            (Error{Code::not_found, {}, {}}));
}

TEST(Policy, a_scope_named_like_a_user_is_created_by_that_user_only) {
  const auto create = [](const Principal& who, const char* reserved_for) {
    return letter(
        decide(who, Action::create, {"@bob/pkg", Visibility::open, nullptr, reserved_for}, {}));
  };
  Principal bob = caller(TokenRights::publish, false, {});
  bob.name = "bob";
  EXPECT_EQ(create(bob, "bob"), 'o');
  EXPECT_EQ(create(caller(TokenRights::full, false, {}), "bob"), 'f');
  EXPECT_EQ(create(caller(TokenRights::full, true, {}), "bob"), 'o');
  EXPECT_EQ(create(caller(TokenRights::full, false, {}), ""), 'o');
  EXPECT_EQ(create(Principal{}, ""), 'a');
}

TEST(Policy, patterns_match_names_whole_scopes_and_beginnings) {
  struct Match {
    const char* pattern;
    const char* name;
    bool fits;
  };
  const Match table[] = {
      {"left-pad", "left-pad", true},
      {"left-pad", "left-pad2", false},
      {"left-pad", "@x/left-pad", false},
      {"@scope/*", "@scope/a", true},
      {"@scope/*", "@scope2/a", false},
      {"@scope/*", "@scope", false},
      {"left-*", "left-pad", true},
      {"left-*", "left", false},
      {"*", "anything", true},
      {"*", "@scope/a", true},
      {"", "left-pad", false},
  };
  for (const auto& row : table)
    EXPECT_EQ(matches_package_pattern(row.pattern, row.name), row.fits)
        << row.pattern << " on " << row.name;
}

}  // namespace
}  // namespace kontor
