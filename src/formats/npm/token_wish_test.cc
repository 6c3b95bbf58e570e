// Every spelling clients use for a new token.
#include "formats/npm/token_wish.h"

#include <gmock/gmock.h>

namespace kontor::npm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Timestamp kNow{1'780'000'000'000};

Result<TokenWish> parse(const char* text) {
  return parse_token_wish(Json::parse(text, nullptr, false), kNow);
}

TEST(TokenWish, rights_follow_the_generation_of_the_client) {
  const std::pair<const char*, TokenRights> table[] = {
      {R"({"readonly":true,"cidr_whitelist":[]})", TokenRights::read_only},
      {R"({"readonly":false,"cidr_whitelist":[]})", TokenRights::full},
      {R"({"name":"ci"})", TokenRights::publish},
      {R"({"name":null})", TokenRights::publish},
      {R"({"packages":["a"]})", TokenRights::read_only},
      {R"({"scopes":["@a"]})", TokenRights::read_only},
      {R"({"packages_all":true})", TokenRights::read_only},
      {R"({"packages":["a"],"packages_and_scopes_permission":"read-write"})", TokenRights::publish},
      {R"({"packages_and_scopes_permission":"read-only"})", TokenRights::read_only},
      {R"({"readonly":true,"packages_and_scopes_permission":"read-write"})",
       TokenRights::read_only},
      {R"({"readonly":false,"packages_and_scopes_permission":"read-write"})", TokenRights::publish},
  };
  for (const auto& [text, rights] : table) {
    const auto wish = parse(text);
    ASSERT_TRUE(wish) << text;
    EXPECT_EQ(wish->rights, rights) << text;
  }
}

TEST(TokenWish, packages_and_scopes_become_patterns) {
  EXPECT_THAT(parse(R"({"packages":["left-pad","@a/b"],"scopes":["@scope","bare"]})")->packages,
              ElementsAre("left-pad", "@a/b", "@scope/*", "@bare/*"));
  EXPECT_THAT(parse(R"({"packages":[],"scopes":[]})")->packages, IsEmpty());
  EXPECT_THAT(parse(R"({"packages":["*"],"scopes":["@a"]})")->packages, IsEmpty());
  EXPECT_THAT(parse(R"({"packages":["a"],"packages_all":true})")->packages, IsEmpty());
}

TEST(TokenWish, expiry_is_days_or_a_date) {
  EXPECT_EQ(parse(R"({"expires":7})")->expires, kNow + days(7));
  EXPECT_EQ(parse(R"({"expiry":"30"})")->expires, kNow + days(30));
  EXPECT_EQ(parse(R"({"expires":"2027-01-02T03:04:05Z"})")->expires,
            parse_rfc3339("2027-01-02T03:04:05Z"));
  EXPECT_EQ(parse(R"({"expires":"2027-01-02"})")->expires, parse_rfc3339("2027-01-02T00:00:00Z"));
  EXPECT_EQ(parse(R"({"expires":null})")->expires, std::nullopt);
  EXPECT_EQ(parse("{}")->expires, std::nullopt);
}

TEST(TokenWish, names_addresses_and_bypass_have_their_spellings) {
  EXPECT_EQ(parse(R"({"name":"a","description":"b"})")->name, "a");
  EXPECT_EQ(parse(R"({"token_description":"b"})")->name, "b");
  EXPECT_EQ(parse(R"({"name":"","description":"c"})")->name, "c");
  EXPECT_THAT(parse(R"({"cidr_whitelist":["10.0.0.0/8"]})")->cidrs, ElementsAre("10.0.0.0/8"));
  EXPECT_THAT(parse(R"({"cidr":"10.0.0.0/8"})")->cidrs, ElementsAre("10.0.0.0/8"));
  EXPECT_THAT(parse(R"({"cidr_whitelist":[],"cidr":["1.2.3.4"]})")->cidrs, ElementsAre("1.2.3.4"));
  EXPECT_TRUE(parse(R"({"bypass_2fa":true})")->bypass_two_factor);
  EXPECT_FALSE(parse("{}")->bypass_two_factor);
}

TEST(TokenWish, what_cannot_be_granted_is_refused) {
  for (const char* text : {R"({"orgs":["acme"]})",
                           R"({"packages_and_scopes_permission":"no-access"})",
                           R"({"packages_and_scopes_permission":"root"})",
                           R"({"readonly":"yes"})",
                           R"({"packages":[1]})",
                           R"({"packages":{}})",
                           R"({"scopes":["@"]})",
                           R"({"scopes":["a/b"]})",
                           R"({"scopes":["*"]})",
                           R"({"expires":0})",
                           R"({"expires":-1})",
                           R"({"expires":1e9})",
                           R"({"expires":99999999999999999999})",
                           R"({"expires":18446744073709551615})",
                           R"({"expires":40000})",
                           R"({"expires":"soon"})",
                           R"({"expires":"1 day"})",
                           R"({"expires":true})",
                           R"({"expires":""})",
                           R"({"name":7})",
                           R"({"cidr":[null]})",
                           R"({"bypass_2fa":1})"})
    EXPECT_FALSE(parse(text)) << text;
}

}  // namespace
}  // namespace kontor::npm
