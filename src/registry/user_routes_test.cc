// Administration of users over HTTP.
#include "registry/user_routes.h"

#include "tests/support/account_host.h"

#include <gmock/gmock.h>

namespace kontor {
namespace {

using test::AccountHost;
using test::basic;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kUsers = "/-/kontor/v1/users";

struct UserRoutes : testing::Test {
  UserRoutes() {
    host.add_user("root", "correct horse", true);
    host.add_user("alice", "correct horse");
    root = host.bearer("root");
  }
  AccountHost host;
  std::string root;
};

TEST_F(UserRoutes, create_with_a_password_does_not_repeat_it) {
  const auto reply = host.post(
      kUsers, R"({"name":"bob","email":"bob@example.org","password":"battery staple"})", root);
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.json()["name"], "bob");
  EXPECT_EQ(reply.json()["admin"], false);
  EXPECT_FALSE(reply.json().contains("password"));
  EXPECT_TRUE(host.authenticate(basic("bob", "battery staple")));
}

TEST_F(UserRoutes, create_without_a_password_shows_a_generated_one) {
  const auto reply = host.post(kUsers, R"({"name":"bob","admin":true})", root);
  ASSERT_EQ(reply.status, 201);
  EXPECT_EQ(reply.header("cache-control"), "private, no-store");
  const auto password = reply.json()["password"].get<std::string>();
  EXPECT_GE(password.size(), 20u);
  EXPECT_TRUE(host.authenticate(basic("bob", password))->is_admin);
}

TEST_F(UserRoutes, list_is_paged_by_name_and_holds_no_secret) {
  const auto first = host.get(std::string(kUsers) + "?limit=1", root).json();
  ASSERT_EQ(first["users"].size(), 1u);
  EXPECT_EQ(first["users"][0]["name"], "alice");
  EXPECT_EQ(first["next"], "alice");
  const auto rest = host.get(std::string(kUsers) + "?after=alice", root);
  ASSERT_EQ(rest.json()["users"].size(), 1u);
  EXPECT_EQ(rest.json()["users"][0]["name"], "root");
  EXPECT_EQ(rest.json()["next"], nullptr);
  EXPECT_THAT(rest.body, Not(HasSubstr(host.user("root").password_hash)));
  for (const char* query : {"?limit=0", "?limit=-1", "?limit=x", "?limit=99999999999"})
    EXPECT_EQ(host.get(std::string(kUsers) + query, root).json()["users"].size(), 2u) << query;
}

TEST_F(UserRoutes, remove_and_reset) {
  EXPECT_EQ(host.post("/-/kontor/v1/users/alice/password", R"({"password":"battery staple"})", root)
                .status,
            200);
  EXPECT_TRUE(host.authenticate(basic("alice", "battery staple")));
  host.add_two_factor("alice", TwoFactorMode::auth_and_writes);
  const auto reset =
      host.post("/-/kontor/v1/users/alice/password", R"({"drop_two_factor":true})", root);
  ASSERT_EQ(reset.status, 200);
  EXPECT_EQ(reset.json()["two_factor"], "off");
  EXPECT_TRUE(host.authenticate(basic("alice", reset.json()["password"])));
  EXPECT_EQ(host.del("/-/kontor/v1/users/alice", root).status, 200);
  EXPECT_EQ(host.del("/-/kontor/v1/users/alice", root).status, 404);
  EXPECT_EQ(host.del("/-/kontor/v1/users/root", root).status, 403);
}

TEST_F(UserRoutes, are_closed_to_everybody_else) {
  const std::string callers[] = {"",
                                 "Bearer npm_x",
                                 host.bearer("alice"),
                                 host.bearer("root", {.rights = TokenRights::publish}),
                                 host.bearer("root", {.rights = TokenRights::read_only}),
                                 host.bearer("root", {.packages = {"a"}})};
  const auto before = host.database.users.size();
  for (const auto& caller : callers) {
    const int codes[] = {host.get(kUsers, caller).status,
                         host.post(kUsers, R"({"name":"bob"})", caller).status,
                         host.del("/-/kontor/v1/users/alice", caller).status,
                         host.post("/-/kontor/v1/users/root/password", "{}", caller).status};
    for (const int code : codes) EXPECT_TRUE(code == 401 || code == 403) << code << " " << caller;
  }
  EXPECT_EQ(host.database.users.size(), before);
  EXPECT_TRUE(host.authenticate(basic("root", "correct horse")));
}

TEST_F(UserRoutes, malformed_bodies_are_400) {
  for (const char* body : {"{", "[]", "{}", R"({"name":7})", R"({"name":"bob","password":1})",
                           R"({"name":"bob","admin":"yes"})", R"({"name":"Bob"})",
                           R"({"name":"bob","email":"x"})", R"({"name":"bob","password":"short"})"})
    EXPECT_EQ(host.post(kUsers, body, root).status, 400) << body;
  EXPECT_EQ(host.database.users.size(), 2u);
}

}  // namespace
}  // namespace kontor
