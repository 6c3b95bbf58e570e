// Walks every route of every table with every kind of wrong credential (row AUTH-13). A refusal
// counts only if the very same request succeeds with the right credential, and if the refused one
// changed nothing.
#include "domain/token_text.h"
#include "tests/protocol/whole_world.h"

namespace kontor::test {
namespace {

using http::Access;
using http::Method;

struct Walked {
  http::RouteInfo info;
  std::string target;
  std::string body;
};

std::string replace(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

nlohmann::ordered_json without_version(nlohmann::ordered_json document, const char* version) {
  document["versions"].erase(version);
  document["dist-tags"] = {{"latest", "1.1.0"}};
  return document;
}

// What is sent to a route whatever stands in its address.
const std::map<std::string_view, std::string> kBodies = {
    {"/billing/prices/:pkg", R"({"cents":1,"currency":"usd"})"},
    {"/billing/checkout", R"({"package":"sold"})"},
    {"/-/kontor/v1/purchases", R"({"user":"bob","package":"foo"})"},
    {"/git/connection", R"({"token":"another"})"},
    {"/git/ensure-repo", R"({"courseId":"acme-bar"})"},
    {"/v1/advisories", R"({"id":"TEST-2"})"},
    {"/v1/advisories/query", R"({"packages":[]})"},
    {"/v1/advisories/:id", R"({"summary":"other"})"},
    {"/:pkg/:tag", R"("1.1.0")"},
    {"/-/npm/v1/tokens", R"({"password":"secret of alice"})"},
    {"/-/npm/v1/user", R"({"email":"new@example.test"})"},
    {"/-/kontor/v1/users",
     R"({"name":"dora","email":"d@example.test","password":"a long password"})"},
};

bool is_publish(const http::RouteInfo& info) {
  return info.method == Method::put && info.pattern == "/:pkg";
}

std::string effective_target(WholeWorld& world, const http::RouteInfo& info,
                             const std::string& rev) {
  std::string target(info.pattern);
  const bool scoped = info.pattern == "/:pkg/-/:scope/:file";
  target = replace(target, ":pkg", is_publish(info) ? "walked" : scoped ? "@acme/bar" : "foo");
  target = replace(target, ":rev", rev);
  target = replace(target, ":log", "public");
  target = replace(target, ":id", "TEST-1");
  const bool of_log = info.pattern.starts_with("/log/");
  target = replace(target, "*entry", of_log ? "npm/foo@1.0.0" : "foo@1.0.0");
  target =
      replace(target, "*path", "0/000.p/" + std::to_string(world.signer.heads[LogId::open].size));
  target = replace(target, ":tag", "old");
  target = replace(target, ":version", "1.0.0");
  target = replace(target, ":file", scoped ? "bar-1.0.0.tgz" : "foo-1.0.0.tgz");
  target = replace(target, ":period", "last-week");
  target = replace(target, ":org", "acme");
  target = replace(target, ":scope", "@acme");
  target = replace(target, ":name", "bob");
  if (info.pattern.ends_with("/token/:key"))
    target = replace(target, ":key", world.add_token("alice", "secret of alice"));
  const bool owner_route = info.pattern.find("/owners/") != info.pattern.npos;
  const bool list_route = info.pattern.ends_with("/package");
  target = replace(target, ":user",
                   owner_route  ? "carol"
                   : list_route ? "alice"
                                : "org.couchdb.user:alice");
  if (info.pattern.find("search") != info.pattern.npos) target += "?text=foo&q=foo";
  if (info.pattern.find("starredByUser") != info.pattern.npos) target += "?key=%22alice%22";

  if (info.pattern.ends_with("/inclusion")) target += "?index=0&size=2";
  if (info.pattern.ends_with("/consistency")) target += "?from=1&to=2";
  return target;
}

std::string effective_body(const http::RouteInfo& info, const nlohmann::ordered_json& full) {
  if (info.method == Method::get) return {};
  if (is_publish(info))
    return document_of({.manifest = R"({"name":"walked","version":"1.0.0"})"}).dump();
  if (info.pattern == "/:pkg/-rev/:rev") return without_version(full, "1.0.0").dump();
  if (kBodies.contains(info.pattern)) return kBodies.at(info.pattern);
  if (info.pattern.ends_with("/keys/retire")) return R"({"use":"public log"})";
  if (info.pattern.ends_with("/bulk")) return R"({"foo":["1.0.0"]})";
  if (info.pattern.find("/audits") != info.pattern.npos)
    return R"({"name":"x","version":"1.0.0","requires":{},"dependencies":{}})";
  if (info.pattern.ends_with("/owners")) return R"({"user":"bob"})";
  if (info.pattern.ends_with("/access")) return R"({"access":"restricted"})";
  if (info.pattern.ends_with("/dist-tags")) return R"({"old":"1.0.0","latest":"1.1.0"})";
  if (info.pattern.find("/dist-tags/") != info.pattern.npos) return R"("1.1.0")";
  if (info.pattern.ends_with("/password")) return R"({"password":"another password"})";
  return {};
}

// A request that the route's rightful caller succeeds with.
Walked effective(WholeWorld& world, const http::RouteInfo& info) {
  const auto full = world.get("/foo", "alice").json();
  return {info, effective_target(world, info, full.value("_rev", "")), effective_body(info, full)};
}

Answer call(WholeWorld& world, const Walked& w, const std::string& authorization) {
  Ask ask{.method = std::string(to_string(w.info.method)), .target = w.target, .body = w.body};
  ask.headers.emplace_back("content-type", "application/json");
  if (!authorization.empty()) ask.headers.emplace_back("authorization", authorization);
  return world.ask(std::move(ask));
}

// --- the wrong credentials
// ------------------------------------------------------------------------

struct Wrong {
  const char* name;
  std::string (*header)(WholeWorld&);
  // What the level answers; 0: not refused for the credential.
  int (*expected)(Access);
};

int all_but_open(Access access, int status) {
  return access == Access::open ? 0 : status;
}
int no_credential(Access a) {
  return a == Access::open || a == Access::read ? 0 : 401;
}
int dead_credential(Access a) {
  return all_but_open(a, 401);
}
int wrong_address(Access a) {
  return all_but_open(a, 403);
}
int too_weak_to_write(Access a) {
  return a == Access::open || a == Access::read || a == Access::account ? 0 : 403;
}
int too_weak_for_full(Access a) {
  return too_weak_to_write(a) && a != Access::write ? 403 : 0;
}

std::string issued(WholeWorld& world, TokenWish wish) {
  return "Bearer " + world.add_token("alice", "secret of alice", std::move(wish));
}

const Wrong kWrong[] = {
    {"none", [](WholeWorld&) { return std::string(); }, no_credential},
    {"garbage", [](WholeWorld&) { return std::string("Bearer not-a-token"); }, dead_credential},
    {"unknown scheme", [](WholeWorld&) { return std::string("Digest x=y"); }, dead_credential},
    {"never issued", [](WholeWorld&) { return "Bearer " + make_token_text(std::string(30, 'A')); },
     dead_credential},
    {"expired",
     [](WholeWorld& w) {
       auto header = issued(w, {.expires = w.clock.now() + days(1)});
       w.clock.advance(days(2));
       return header;
     },
     dead_credential},
    {"revoked",
     [](WholeWorld& w) {
       auto header = issued(w, {});
       const auto token = header.substr(7);
       EXPECT_EQ(w.ask({.method = "DELETE", .target = "/-/user/token/" + token}).status, 200);
       return header;
     },
     dead_credential},
    {"wrong password", [](WholeWorld&) { return basic("alice", "not it"); }, dead_credential},
    {"elsewhere", [](WholeWorld& w) { return issued(w, {.cidrs = {"203.0.113.0/24"}}); },
     wrong_address},
    {"read-only", [](WholeWorld& w) { return issued(w, {.rights = TokenRights::read_only}); },
     too_weak_to_write},
    {"publish-only", [](WholeWorld& w) { return issued(w, {.rights = TokenRights::publish}); },
     too_weak_for_full},
};

std::vector<http::RouteInfo> all_routes() {
  WholeWorld world;
  std::vector<http::RouteInfo> out;
  for (const RouteSet* set : std::initializer_list<const RouteSet*>{
           &world.system_set, &world.user_set, &world.device_set, &world.purchase_set,
           &world.git_set, &world.advisory_set, &world.upkeep_set, &world.log_set, &world.key_set,
           &world.account_set, &world.routes})
    out.insert(out.end(), set->routes().begin(), set->routes().end());
  return out;
}

std::string label(const http::RouteInfo& info, const char* credential) {
  return std::string(to_string(info.method)) + " " + std::string(info.pattern) + " with " +
         credential;
}

TEST(RouteWalk, every_route_refuses_every_wrong_credential_and_changes_nothing) {
  const auto routes = all_routes();
  ASSERT_GT(routes.size(), 50u);
  for (const auto& info : routes) {
    for (const auto& wrong : kWrong) {
      const int expected = wrong.expected(info.access);
      if (expected == 0) continue;
      SCOPED_TRACE(label(info, wrong.name));
      WholeWorld world;
      const Walked walked = effective(world, info);
      const auto header = wrong.header(world);
      const auto before = world.state();
      const auto answer = call(world, walked, header);
      EXPECT_EQ(answer.status, expected) << answer.body;
      EXPECT_EQ(world.state(), before);
      EXPECT_TRUE(answer.json()["error"].is_string());
      EXPECT_FALSE(answer.header("kontor-error-code").empty());
    }
  }
}

TEST(RouteWalk, the_same_requests_succeed_for_their_rightful_caller) {
  for (const auto& info : all_routes()) {
    if (info.access == Access::open) continue;
    SCOPED_TRACE(label(info, "the right credential"));
    WholeWorld world;
    const Walked walked = effective(world, info);
    const bool admin = info.access == Access::admin || info.access == Access::metrics;
    const auto answer = call(world, walked, world.login(admin ? "root" : "alice"));
    EXPECT_LT(answer.status, 300) << answer.body;
  }
}

TEST(RouteWalk, a_stale_credential_does_no_harm_on_open_routes) {
  for (const auto& info : all_routes()) {
    if (info.access != Access::open) continue;
    SCOPED_TRACE(label(info, "a stale credential"));
    WholeWorld one, two;
    const Walked walked = effective(one, info);
    EXPECT_EQ(call(one, walked, "Bearer not-a-token").status, call(two, walked, "").status);
  }
}

// Writes on a package by somebody who has every right but on this package.
TEST(RouteWalk, another_user_cannot_write_to_a_package) {
  std::size_t walked_routes = 0;
  for (const auto& info : all_routes()) {
    const bool writes = info.access == Access::write || info.access == Access::full;
    if (!writes || info.pattern.find(":pkg") == info.pattern.npos) continue;
    if (info.method == Method::put && info.pattern == "/:pkg") continue;  // a free name
    SCOPED_TRACE(label(info, "another user's token"));
    WholeWorld world;
    const Walked walked = effective(world, info);
    const auto header = world.login("bob");
    const auto before = world.state();
    EXPECT_EQ(call(world, walked, header).status, 403);
    EXPECT_EQ(world.state(), before);
    ++walked_routes;
  }
  EXPECT_GE(walked_routes, 10u);
}

TEST(RouteWalk, another_user_cannot_publish_into_a_package) {
  WholeWorld world;
  world.login("bob");
  const auto before = world.state();
  const auto answer = world.publish({.manifest = R"({"name":"foo","version":"2.0.0"})"}, "bob");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(world.state(), before);
  EXPECT_EQ(world.get("/foo").json()["versions"].size(), 2u);
}

TEST(RouteWalk, a_token_for_other_packages_cannot_write_to_this_one) {
  for (const auto& info : all_routes()) {
    const bool writes = info.access == Access::write || info.access == Access::full;
    if (!writes || info.pattern.find(":pkg") == info.pattern.npos) continue;
    SCOPED_TRACE(label(info, "a token for @acme/*"));
    WholeWorld world;
    const Walked walked = effective(world, info);
    const auto header = issued(world, {.packages = {"@acme/*"}});
    const auto before = world.state();
    const int status = call(world, walked, header).status;
    EXPECT_TRUE(status == 403 || status == 404) << status;
    EXPECT_EQ(world.state(), before);
  }
}

}  // namespace
}  // namespace kontor::test
