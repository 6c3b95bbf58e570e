// Walks every route of Ori with every kind of wrong credential (row AUTH-13): a refusal counts only
// if the very same request succeeds with the right credential, and if the refused one changed
// nothing.
#include "tests/protocol/wrong_credentials.h"
#include "tests/support/ori_world.h"

namespace kontor::test {
namespace {

using http::Access;

// A package of alice that she has offered to bob, with two versions.
struct WalkedWorld : OriWorld {
  WalkedWorld() {
    EXPECT_EQ(publish_ori({}).status, 201);
    EXPECT_EQ(publish_ori({.version = "1.1.0"}).status, 201);
    EXPECT_EQ(send("PUT", "/v1/packages/acme/tool/owners/carol", "alice", {}).status, 200);
  }
  std::string state() {
    std::string out = everything_stored();
    const auto record = *run(packages.find({FormatId::ori, "@acme/tool"}));
    out += record ? std::to_string(record->revision) : "-";
    return out + std::to_string(blobs.count());
  }
};

struct Walked {
  Ask ask;
  std::string caller = "alice";
};

std::string replace(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  return at == text.npos ? text : text.replace(at, from.size(), to);
}

std::string body_of(std::string_view pattern) {
  if (pattern.ends_with("/publish")) return ori_archive({.version = "2.0.0"});
  if (pattern.ends_with("/deprecate")) return R"({"message":"old"})";
  if (pattern.ends_with("/owners")) return R"({"owners":["alice","carol"]})";
  if (pattern.ends_with("/transfer")) return R"({"to":"bob"})";
  if (pattern.ends_with("/remove")) return R"({"kind":"emergency","reason":"bad"})";
  if (pattern.ends_with("/tokens")) return R"({"scope":"read","password":"secret of alice"})";
  return {};
}

// A request that the route's rightful caller succeeds with.
Walked effective(WalkedWorld& world, const http::RouteInfo& info) {
  Walked w;
  std::string target(info.pattern);
  const bool transfer = target.find("/transfer") != target.npos;
  const bool makes_offer = info.method == http::Method::post && target.ends_with("/transfer");
  if (transfer && !makes_offer) {
    const auto offered =
        world.send("POST", "/v1/packages/acme/tool/transfer", "alice", {{"to", "bob"}});
    EXPECT_EQ(offered.status, 202) << offered.body;
  }
  if (target.ends_with("/accept") || target.ends_with("/reject")) w.caller = "bob";
  if (info.access == Access::admin) w.caller = "root";
  if (target.ends_with("/tokens/:id")) {
    world.add_token("alice", "secret of alice", {.name = "walked"});
    const auto page =
        world.run(list_own_tokens(world.registry, world.actor("alice").principal, 0, 9));
    for (const auto& token : page->tokens)
      if (token.name == "walked") target = replace(target, ":id", token.key);
  }
  for (const auto& [from, to] : {std::pair<std::string, std::string>{":scope", "acme"},
                                 {":name", "tool"},
                                 {":version", "1.0.0"},
                                 {":user", "carol"}})
    target = replace(target, from, to);
  w.ask.method = std::string(to_string(info.method));
  w.ask.target = target;
  w.ask.body = body_of(info.pattern);
  const bool archive = target.ends_with("/publish");
  w.ask.headers.emplace_back("content-type", archive ? "application/gzip" : "application/json");
  return w;
}

Answer call(WalkedWorld& world, const Walked& walked, const std::string& authorization) {
  Ask ask = walked.ask;
  if (!authorization.empty()) ask.headers.emplace_back("authorization", authorization);
  return world.ask(std::move(ask));
}

TEST(OriRouteWalk, every_route_refuses_every_wrong_credential_and_changes_nothing) {
  for (const auto& entry : ori::routes()) {
    for (const auto& wrong : kWrongCredentials) {
      const int expected = wrong.expected(entry.info.access);
      if (expected == 0) continue;
      SCOPED_TRACE(std::string(entry.info.pattern) + " with " + wrong.name);
      WalkedWorld world;
      const Walked walked = effective(world, entry.info);
      const auto header = wrong.header(world, walked.caller);
      const auto before = world.state();
      const auto answer = call(world, walked, header);
      EXPECT_EQ(answer.status, expected) << answer.body;
      EXPECT_EQ(world.state(), before);
      EXPECT_EQ(answer.json()["error"], answer.header("kontor-error-code"));
    }
  }
}

TEST(OriRouteWalk, the_same_requests_succeed_for_their_rightful_caller) {
  for (const auto& entry : ori::routes()) {
    SCOPED_TRACE(std::string(entry.info.pattern));
    WalkedWorld world;
    const Walked walked = effective(world, entry.info);
    const auto answer = call(world, walked, world.login(walked.caller));
    EXPECT_LT(answer.status, 300) << answer.body;
  }
}

TEST(OriRouteWalk, another_user_cannot_write_to_a_package) {
  int walked_routes = 0;
  for (const auto& entry : ori::routes()) {
    const bool package = entry.info.pattern.find(":name") != entry.info.pattern.npos;
    if (!writes(entry.info.access) || !package) continue;
    SCOPED_TRACE(std::string(entry.info.pattern));
    WalkedWorld world;
    const Walked walked = effective(world, entry.info);
    world.add_user("mallory", "secret of mallory");
    const auto header = world.login("mallory");
    const auto before = world.state();
    const int status = call(world, walked, header).status;
    EXPECT_TRUE(status == 403 || status == 404) << status;
    EXPECT_EQ(world.state(), before);
    ++walked_routes;
  }
  EXPECT_GE(walked_routes, 10);
}

TEST(OriRouteWalk, a_token_for_other_packages_cannot_write_to_this_one) {
  for (const auto& entry : ori::routes()) {
    const bool package = entry.info.pattern.find(":name") != entry.info.pattern.npos;
    if (!writes(entry.info.access) || !package) continue;
    SCOPED_TRACE(std::string(entry.info.pattern));
    WalkedWorld world;
    const Walked walked = effective(world, entry.info);
    const auto header = issued(world, walked.caller, {.packages = {"@other/*"}});
    const auto before = world.state();
    const int status = call(world, walked, header).status;
    EXPECT_TRUE(status == 403 || status == 404) << status;
    EXPECT_EQ(world.state(), before);
  }
}

}  // namespace
}  // namespace kontor::test
