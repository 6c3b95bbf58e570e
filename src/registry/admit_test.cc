// Every access level against every kind of caller, written out.
#include "registry/authenticate.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

using http::Access;

Principal caller(TokenRights rights, bool admin = false, bool limited = false) {
  Principal who;
  who.credential = Credential::token;
  who.user = UserId(7);
  who.name = "alice";
  who.is_admin = admin;
  who.rights = rights;
  if (limited) who.packages = {"@scope/*"};
  return who;
}

// "ok" or the name of the refusal.
std::string verdict(const Principal& who, Access access, const Policy& policy = {}) {
  const auto refused = admit(who, access, policy);
  return refused ? std::string(info(refused->code).name) : "ok";
}

struct Row {
  const char* who;
  Principal principal;
  // open, read, account, write, full, admin, metrics
  std::array<const char*, 7> expected;
};

constexpr std::array kLevels = {Access::open, Access::read,  Access::account, Access::write,
                                Access::full, Access::admin, Access::metrics};

void expect(const Row& row, const Policy& policy) {
  for (std::size_t i = 0; i < kLevels.size(); ++i)
    EXPECT_EQ(verdict(row.principal, kLevels[i], policy), row.expected[i])
        << row.who << " on " << http::to_string(kLevels[i]);
}

constexpr const char* kNone = "unauthenticated";
constexpr const char* kWeak = "insufficient_scope";
constexpr const char* kNo = "forbidden";

TEST(Admit, follows_the_table) {
  const Row table[] = {
      {"anonymous", {}, {"ok", "ok", kNone, kNone, kNone, kNone, kNone}},
      {"read-only token",
       caller(TokenRights::read_only),
       {"ok", "ok", "ok", kWeak, kWeak, kNo, kNo}},
      {"publish token", caller(TokenRights::publish), {"ok", "ok", "ok", "ok", kWeak, kNo, kNo}},
      {"full token", caller(TokenRights::full), {"ok", "ok", "ok", "ok", "ok", kNo, kNo}},
      {"limited token",
       caller(TokenRights::full, false, true),
       {"ok", "ok", "ok", "ok", "ok", kNo, kNo}},
      {"admin, read-only token",
       caller(TokenRights::read_only, true),
       {"ok", "ok", "ok", kWeak, kWeak, kWeak, "ok"}},
      {"admin, limited token",
       caller(TokenRights::full, true, true),
       {"ok", "ok", "ok", "ok", "ok", kWeak, "ok"}},
      {"admin", caller(TokenRights::full, true), {"ok", "ok", "ok", "ok", "ok", "ok", "ok"}},
  };
  for (const auto& row : table) expect(row, {});
}

TEST(Admit, a_registry_without_anonymous_reads_asks_for_a_login) {
  Policy policy;
  policy.anonymous_read = false;
  expect({"anonymous", {}, {"ok", kNone, kNone, kNone, kNone, kNone, kNone}}, policy);
  expect({"full token", caller(TokenRights::full), {"ok", "ok", "ok", "ok", "ok", kNo, kNo}},
         policy);
}

TEST(Admit, a_read_only_registry_takes_no_writes) {
  Policy policy;
  policy.read_only = true;
  expect({"full token",
          caller(TokenRights::full),
          {"ok", "ok", "ok", "read_only", "read_only", kNo, kNo}},
         policy);
}

}  // namespace
}  // namespace kontor
