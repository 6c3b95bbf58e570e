// Leaves of every kind: one form, read back the same.
#include "tlog/leaf.h"

#include "base/sha256.h"
#include "base/sha512.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <span>

namespace kontor::tlog {
namespace {

Code refusal(const auto& result) {
  return result ? Code::internal : result.error().code;
}

const Author kAuthor{Account("acct_01hzsample"), {Credential::Kind::oidc, "acme/demo", "github"}};
const PackageRef kPackage{"npm", "@demo/pkg-0"};
const Archive kArchive{14, sha256("artifact"), sha512("artifact"), sha256("manifest")};

const std::string kArchiveLines = "size 14\nsha256 " + sha256("artifact").hex() + "\nsha512 " +
                                  sha512("artifact").hex() + "\nmanifest " +
                                  sha256("manifest").hex() + "\n";

struct KindCase {
  Event event;
  std::string lines;  // between the header line and "by"
};

std::vector<KindCase> all_kinds() {
  const std::string package = "package npm/@demo/pkg-0\n", version = package + "version 1.0.0\n";
  const Sha256 hash = sha256("x");
  const Word reason("malware");
  return {
      {PublishEvent{kPackage, "1.0.0", kArchive}, version + kArchiveLines},
      {StageEvent{kPackage, "1.0.0", "7f-1", kArchive}, version + "stage 7f-1\n" + kArchiveLines},
      {ApproveEvent{kPackage, "1.0.0", "7f-1"}, version + "stage 7f-1\n"},
      {WithdrawEvent{kPackage, "1.0.0", reason}, version + "reason malware\n"},
      {RestoreEvent{kPackage, "1.0.0", reason}, version + "reason malware\n"},
      {YankEvent{kPackage, "1.0.0", reason}, version + "reason malware\n"},
      {UnyankEvent{kPackage, "1.0.0", reason}, version + "reason malware\n"},
      {TagEvent{kPackage, "latest", "1.0.0", "2.0.0"},
       package + "tag latest\nbefore 1.0.0\nafter 2.0.0\n"},
      {TagEvent{kPackage, "next", {}, {}}, package + "tag next\nbefore -\nafter -\n"},
      {DeprecateEvent{kPackage, "1.0.0", hash}, version + "message " + hash.hex() + "\n"},
      {DeprecateEvent{kPackage, "1.0.0", {}}, version + "message -\n"},
      {OwnerEvent{kPackage, Change::add, Account("acct_1"), Word("maintainer")},
       package + "change add\naccount acct_1\nrole maintainer\n"},
      {PublisherEvent{kPackage, Change::remove, {"gitlab", "acme/demo"}, hash},
       package + "change remove\npublisher oidc:gitlab:acme/demo\nclaims " + hash.hex() + "\n"},
      {PolicyEvent{kPackage, Word("two_factor"), {}, "required"},
       package + "setting two_factor\nbefore -\nafter required\n"},
      {PolicyEvent{{}, Word("cooldown"), "0", "86400"},
       "package -\nsetting cooldown\nbefore 0\nafter 86400\n"},
      {QuarantineEvent{kPackage, "1.0.0", reason, "MAL-2026-1"},
       version + "reason malware\nadvisory MAL-2026-1\n"},
      {QuarantineEvent{kPackage, {}, reason, {}},
       package + "version -\nreason malware\nadvisory -\n"},
      {ReleaseEvent{kPackage, {}, reason}, package + "version -\nreason malware\n"},
      {AdvisoryEvent{"GHSA-x", hash}, "advisory GHSA-x\nsha256 " + hash.hex() + "\n"},
      {UpstreamEvent{kPackage, "1.0.0", "mirror.example:8443", kArchive},
       version + "host mirror.example%3A8443\n" + kArchiveLines},
      {KeyEvent{Word("npm"), "SHA256:ab=", hash, 1800000000},
       "use npm\nkey SHA256%3Aab%3D\nsha256 " + hash.hex() + "\nexpires 1800000000\n"},
      {TokenEvent{Change::add, Account("acct_1"), "t1", Word("read_only")},
       "change add\naccount acct_1\ntoken t1\nrights read_only\n"},
      {ReplaceEvent{kPackage, "1.0.0", kArchive, hash},
       version + kArchiveLines + "before " + hash.hex() + "\n"},
  };
}

TEST(Leaf, has_one_form_for_each_kind) {
  std::set<std::size_t> kinds;
  for (const auto& [event, lines] : all_kinds()) {
    const Leaf leaf{event, kAuthor, 1760035000};
    const auto text = print_leaf(leaf);
    ASSERT_TRUE(text.has_value()) << kind_of(event);
    EXPECT_EQ(*text, "pkglog/v1 " + std::string(kind_of(event)) + "\n" + lines +
                         "by acct_01hzsample oidc:github:acme/demo\ntime 1760035000\n");
    EXPECT_EQ(parse_leaf(*text), leaf) << *text;
    kinds.insert(event.index());
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<Event>);
}

Leaf simple_leaf() {
  return {WithdrawEvent{{"npm", "a"}, "1.0.0", Word("owner_request")}, kAuthor, 1};
}

TEST(Leaf, names_its_author) {
  using enum Credential::Kind;
  const Account person("acct_1"), system("system");
  for (const auto& [author, line] : {
           std::pair<Author, std::string>{{person, {session, "", ""}}, "acct_1 session"},
           {{person, {token, "k1", ""}}, "acct_1 token:k1"},
           {{person, {key, "ed:1", ""}}, "acct_1 key:ed%3A1"},
           {{person, {oidc, "acme/demo:x", "git:hub"}}, "acct_1 oidc:git%3Ahub:acme/demo%3Ax"},
           {{system, {job, "feed", ""}}, "system job:feed"},
       }) {
    Leaf leaf = simple_leaf();
    leaf.by = author;
    const auto text = print_leaf(leaf);
    ASSERT_TRUE(text.has_value()) << line;
    EXPECT_NE(text->find("\nby " + line + "\n"), text->npos) << *text;
    EXPECT_EQ(parse_leaf(*text), leaf);
  }
}

TEST(Leaf, escapes_what_could_break_a_line) {
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  const std::vector<std::string> names = {
      std::string("a b\n"),     std::string("%41"), std::string("%"), every,
      std::string("\xc3\xa9~"), std::string("-"),   std::string("/")};
  for (const std::string& name : names) {
    Leaf leaf = simple_leaf();
    std::get<WithdrawEvent>(leaf.event).package.name = name;
    const auto text = print_leaf(leaf);
    ASSERT_TRUE(text.has_value());
    for (const char c : *text) EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f));
    EXPECT_EQ(std::ranges::count(*text, '\n'), 6);
    EXPECT_EQ(parse_leaf(*text), leaf);
  }
}

// A copy of a good leaf with `change` applied to it.
template <class Apply>
Code refusal_after(Apply change) {
  Leaf leaf = simple_leaf();
  change(leaf, std::get<WithdrawEvent>(leaf.event));
  return refusal(print_leaf(leaf));
}

TEST(Leaf, is_not_written_with_values_that_have_no_place) {
  using enum Credential::Kind;
  EXPECT_EQ(refusal_after([](auto&, auto& e) { e.package.name = ""; }), Code::bad_request);
  EXPECT_EQ(refusal_after([](auto&, auto& e) { e.package.format = ""; }), Code::bad_request);
  EXPECT_EQ(refusal_after([](auto&, auto& e) { e.package.format = "a/b"; }), Code::bad_request);
  EXPECT_EQ(refusal_after([](auto&, auto& e) { e.version = ""; }), Code::bad_request);
  const std::vector<std::string> words = {"", "Bad", "a b", "1a", "_a", "a-b"};
  for (const std::string& word : words)
    EXPECT_EQ(refusal_after([&](auto&, auto& e) { e.reason.value = word; }), Code::bad_request);
  EXPECT_EQ(refusal_after([](auto&, auto& e) { e.reason.value = std::string(65, 'a'); }),
            Code::bad_request);
  const std::vector<std::string> accounts = {
      "", "acct_", "acct_A", "jane", "jane@example.com", "acct_a b"};
  for (const std::string& account : accounts)
    EXPECT_EQ(refusal_after([&](auto& l, auto&) { l.by.account.value = account; }),
              Code::bad_request)
        << account;
  EXPECT_EQ(refusal_after([](auto& l, auto&) { l.by.account.value = "system"; }),
            Code::bad_request);
  EXPECT_EQ(refusal_after([](auto& l, auto&) { l.by.credential = {job, "x", ""}; }),
            Code::bad_request);
  EXPECT_EQ(refusal_after([](auto& l, auto&) { l.by.credential = {session, "x", ""}; }),
            Code::bad_request);
  EXPECT_EQ(refusal_after([](auto& l, auto&) { l.by.credential = {token, "", ""}; }),
            Code::bad_request);
  EXPECT_EQ(refusal_after([](auto& l, auto&) { l.by.credential = {token, "x", "y"}; }),
            Code::bad_request);
  EXPECT_EQ(refusal_after([](auto& l, auto&) { l.by.credential = {oidc, "x", ""}; }),
            Code::bad_request);
  EXPECT_EQ(refusal_after([](auto& l, auto&) { l.time = std::uint64_t{1} << 63; }),
            Code::bad_request);
  const Leaf dash{TagEvent{kPackage, "latest", "-", {}}, kAuthor, 1};
  EXPECT_EQ(refusal(print_leaf(dash)), Code::bad_request) << "it would read as absent";
}

TEST(Leaf, has_a_greatest_length) {
  Leaf leaf = simple_leaf();
  auto& version = std::get<WithdrawEvent>(leaf.event).version;
  version = "1";
  const std::size_t rest = print_leaf(leaf)->size() - 1;
  version = std::string(kMaxLeafBytes - rest, '1');
  const auto longest = print_leaf(leaf);
  ASSERT_TRUE(longest.has_value());
  EXPECT_EQ(longest->size(), kMaxLeafBytes);
  EXPECT_EQ(parse_leaf(*longest), leaf);
  version += '1';
  EXPECT_EQ(refusal(print_leaf(leaf)), Code::too_large);
  EXPECT_EQ(refusal(parse_leaf(*longest + "1")), Code::bad_request);
}

TEST(Leaf, is_refused_in_any_other_form) {
  const std::string good = *print_leaf(simple_leaf());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const auto at = text.find(from);
    EXPECT_NE(at, text.npos) << from;
    return text.replace(at, from.size(), to);
  };
  const std::vector<std::string> texts = {
      std::string(),
      good.substr(0, good.size() - 1),
      good + "\n",
      good + "more x\n",
      "\n" + good,
      with("\n", "\r\n"),
      with("v1", "v2"),
      with("withdraw", "publish"),
      with("withdraw", "wither"),
      with("withdraw", "withdraw "),
      with("package ", "package  "),
      with("npm/a", "npm/a "),
      with("npm/a", "npm/%61"),
      with("npm/a", "npm/%e9"),
      with("npm/a", "npm/%E"),
      with("npm/a", "npm/"),
      with("npm/a", "npma"),
      with("npm/a", "/a"),
      with("npm/a", "npm/\xc3\xa9"),
      with("npm/a", "npm/a b"),
      with("version 1.0.0\n", ""),
      with("version 1.0.0\n", "version 1.0.0\nversion 1.0.0\n"),
      with("version 1.0.0\nreason owner_request\n", "reason owner_request\nversion 1.0.0\n"),
      with("owner_request", "-"),
      with("owner_request", "Owner"),
      with("time 1", "time 01"),
      with("time 1", "time -1"),
      with("time 1", "time 9223372036854775808"),
      with("by acct_01hzsample", "by jane"),
      with("oidc:github:acme/demo", "oidc:github"),
      with("oidc:github:acme/demo", "oidc::acme/demo"),
      with("oidc:github:acme/demo", "cert:x"),
      with("oidc:github:acme/demo", "session:"),
      with("oidc:github:acme/demo", "token"),
      with("oidc:github:acme/demo", "token:"),
      with("oidc:github:acme/demo", "job:x"),
      with("oidc:github:acme/demo", "oidc:github:acme:demo"),
      with(" oidc:github:acme/demo", ""),
      with("by ", "By "),
  };
  for (const std::string& text : texts)
    EXPECT_EQ(refusal(parse_leaf(text)), Code::bad_request) << text;
}

TEST(Leaf, reads_hashes_in_lower_case_only) {
  const Leaf leaf{AdvisoryEvent{"GHSA-x", sha256("x")}, kAuthor, 1};
  std::string text = *print_leaf(leaf);
  ASSERT_EQ(parse_leaf(text), leaf);
  const std::string hex = sha256("x").hex();
  std::string upper = text;
  for (char& c : std::span(upper).subspan(upper.find(hex), hex.size()))
    c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
  ASSERT_NE(upper, text);
  EXPECT_FALSE(parse_leaf(upper).has_value());
  EXPECT_FALSE(parse_leaf(text.replace(text.find(hex), hex.size(), hex.substr(2))).has_value());
}

TEST(Leaf, changes_with_every_bit) {
  for (const auto& [event, lines] : all_kinds()) {
    const Leaf leaf{event, kAuthor, 1760035000};
    const Bytes text = *print_leaf(leaf);
    for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
      Bytes flipped = text;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
      const auto other = parse_leaf(flipped);
      EXPECT_TRUE(!other || (*other != leaf && print_leaf(*other) == Result<Bytes>(flipped)));
    }
  }
}

}  // namespace
}  // namespace kontor::tlog
