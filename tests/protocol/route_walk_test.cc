// Walks every route of every table with every kind of wrong credential (row AUTH-13). A refusal
// counts only if the very same request succeeds with the right credential, and if the refused one
// changed nothing.
#include "adapters/memory/device_login_store.h"
#include "adapters/memory/git_connection_store.h"
#include "adapters/memory/health_log.h"
#include "adapters/memory/log_files.h"
#include "adapters/memory/log_store.h"
#include "adapters/memory/purchase_store.h"
#include "adapters/memory/store_audit.h"
#include "domain/token_text.h"
#include "formats/npm/account_routes.h"
#include "formats/npm/error_envelope.h"
#include "formats/npm/package_routes.h"
#include "registry/advisories/routes.h"
#include "registry/device_login/routes.h"
#include "registry/error_body.h"
#include "registry/git_repositories/routes.h"
#include "registry/key_routes.h"
#include "registry/log/integrator.h"
#include "registry/log/log_routes.h"
#include "registry/purchases/routes.h"
#include "registry/system_routes.h"
#include "registry/upkeep/routes.h"
#include "registry/user_routes.h"
#include "tests/support/any_services.h"
#include "tests/support/believing_verifier.h"
#include "tests/support/npm_world.h"
#include "tests/support/test_signer.h"

namespace kontor::test {
namespace {

using http::Access;
using http::Method;

struct NoMetrics final : MetricsSource {
  std::string text() const override { return "# none\n"; }
};

// All families behind one gateway, a package of alice and one that only she may see.
struct WholeWorld : NpmWorld {
  WholeWorld()
      : system{registry, metrics, health, "test"},
        system_set("system", system_routes(), system, error_body),
        user_set("users", user_routes(), registry, error_body),
        device_set("device-login", device_routes(), devices, oauth_error),
        purchase_set("purchases", purchase_routes(), purchases, error_body),
        git_set("git", git_routes(), git, error_body),
        advisory_set("advisories", advisory_routes(), registry, error_body),
        upkeep{registry, {packages, inventory, audit, log_store, clock, {}}},
        upkeep_set("upkeep", upkeep_routes(), upkeep, error_body),
        log{registry, log_store, log_files, signer},
        log_set("log", log_routes(), log, error_body),
        keys{registry, signer, signer, releases, log_store},
        key_set("keys", key_routes(), keys, error_body),
        account_set("npm-accounts", npm::account_routes(), service, npm::error_response),
        whole(registry, {{&system_set, false},
                         {&user_set, false},
                         {&device_set, false},
                         {&purchase_set, false},
                         {&git_set, false},
                         {&advisory_set, false},
                         {&upkeep_set, false},
                         {&log_set, false},
                         {&key_set, false},
                         {&account_set, true},
                         {&routes, true}}) {
    host = &whole;
    service.attestations = &believing;
    signer.made[LogId::open] = 1;  // two keys, so that one can be retired
    const auto foo = document_of({.manifest = R"({"name":"foo","version":"1.0.0"})"});
    EXPECT_EQ(send("PUT", "/foo", "alice", with_bundle(foo, statement_of(foo))).status, 201);
    EXPECT_EQ(publish({.manifest = R"({"name":"foo","version":"1.1.0"})"}).status, 201);
    EXPECT_EQ(send("PUT", "/-/package/foo/dist-tags/old", "alice", "1.0.0").status, 201);
    EXPECT_EQ(publish({.manifest = R"({"name":"@acme/bar","version":"1.0.0"})"}).status, 201);
    EXPECT_EQ(send("PUT", "/-/package/foo/owners", "alice", {{"user", "carol"}}).status, 201);
    EXPECT_EQ(send("POST", "/v1/advisories", "root", {{"id", "TEST-1"}}).status, 201);
    add_course("foo", "alice");
    const auto sold = add_course("sold", "bob");
    EXPECT_TRUE(run(purchase_store.set_price(sold, Price{1000, "usd"})));
    EXPECT_TRUE(run(purchase_store.add(
        {"TEST-1", user("carol").id, sold, {}, "grant", "TEST-1", clock.now(), std::nullopt})));
    EXPECT_EQ(send("PUT", "/git/connection", "alice", {{"token", "of-alice"}}).status, 200);
    const auto integrator = run(Integrator::open({log_store, log_files, signer}, LogId::open));
    EXPECT_TRUE(integrator && run((*integrator)->publish()));
  }

  PackageId add_course(const std::string& name, const std::string& owner) {
    PackageChange change;
    change.key = {FormatId::progy, name};
    change.at = clock.now();
    change.create = CreatePackage{Visibility::open, user(owner).id, {}, {}};
    const auto applied = run(packages.apply(std::move(change)));
    EXPECT_TRUE(applied);
    return applied ? applied->id : PackageId{};
  }

  // What a refused request may not change.
  std::string state() {
    std::string out = everything_stored() + std::to_string(releases.keys.size());
    for (const auto& name : {"foo", "walked"}) {
      const auto record = *run(packages.find({FormatId::npm, name}));
      out += record ? std::to_string(record->revision) : "-";
    }
    for (const auto& [id, price] : database.prices) out += to_text(price);
    for (const auto& purchase : database.purchases) out += purchase.revoked ? "revoked" : "bought";
    for (const auto& [id, connection] : database.git_connections) out += connection.token;
    return out;
  }

  NoMetrics metrics;
  memory::HealthLog health;
  SystemService system;
  RouteTable<SystemService> system_set;
  RouteTable<Registry> user_set;
  memory::DeviceLoginStore device_logins{database};
  DeviceService devices{registry, device_logins};
  RouteTable<DeviceService> device_set;
  memory::PurchaseStore purchase_store{database};
  AnyProvider provider;
  PurchaseService purchases{registry, purchase_store, &provider};
  RouteTable<PurchaseService> purchase_set;
  memory::GitConnectionStore git_connections{database};
  AnyGitHost git_host;
  GitService git{registry, git_connections, &git_host};
  RouteTable<GitService> git_set;
  RouteTable<Registry> advisory_set;
  memory::BlobInventory inventory{blobs};
  memory::StoreAudit audit{database};
  UpkeepService upkeep;
  RouteTable<UpkeepService> upkeep_set;
  memory::LogStore log_store{database};
  memory::LogFolder log_files;
  TestSigner signer;
  LogService log;
  RouteTable<LogService> log_set;
  BelievingVerifier believing;
  KeyService keys;
  RouteTable<KeyService> key_set;
  RouteTable<npm::Service> account_set;
  Gateway whole;
};

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

// A request that the route's rightful caller succeeds with.
Walked effective(WholeWorld& world, const http::RouteInfo& info) {
  Walked w{info, std::string(info.pattern), {}};
  const auto record = *world.run(world.packages.find({FormatId::npm, "foo"}));
  const auto full = world.get("/foo", "alice").json();
  const std::string rev = full.value("_rev", "");
  const bool publish = info.method == Method::put && info.pattern == "/:pkg";
  const bool scoped = info.pattern == "/:pkg/-/:scope/:file";
  w.target = replace(w.target, ":pkg", publish ? "walked" : scoped ? "@acme/bar" : "foo");
  w.target = replace(w.target, ":rev", rev);
  w.target = replace(w.target, ":log", "public");
  w.target = replace(w.target, ":id", "TEST-1");
  const bool of_log = info.pattern.starts_with("/log/");
  w.target = replace(w.target, "*entry", of_log ? "npm/foo@1.0.0" : "foo@1.0.0");
  w.target =
      replace(w.target, "*path", "0/000.p/" + std::to_string(world.signer.heads[LogId::open].size));
  w.target = replace(w.target, ":tag", "old");
  w.target = replace(w.target, ":version", "1.0.0");
  w.target = replace(w.target, ":file", scoped ? "bar-1.0.0.tgz" : "foo-1.0.0.tgz");
  w.target = replace(w.target, ":period", "last-week");
  w.target = replace(w.target, ":org", "acme");
  w.target = replace(w.target, ":scope", "@acme");
  w.target = replace(w.target, ":name", "bob");
  if (info.pattern.ends_with("/token/:key"))
    w.target = replace(w.target, ":key", world.add_token("alice", "secret of alice"));
  const bool owner_route = info.pattern.find("/owners/") != info.pattern.npos;
  const bool list_route = info.pattern.ends_with("/package");
  w.target = replace(w.target, ":user",
                     owner_route  ? "carol"
                     : list_route ? "alice"
                                  : "org.couchdb.user:alice");
  if (info.pattern.find("search") != info.pattern.npos) w.target += "?text=foo&q=foo";
  if (info.pattern.find("starredByUser") != info.pattern.npos) w.target += "?key=%22alice%22";

  if (info.pattern.ends_with("/inclusion")) w.target += "?index=0&size=2";
  if (info.pattern.ends_with("/consistency")) w.target += "?from=1&to=2";

  if (publish)
    w.body = document_of({.manifest = R"({"name":"walked","version":"1.0.0"})"}).dump();
  else if (info.pattern == "/:pkg/-rev/:rev")
    w.body = without_version(full, "1.0.0").dump();
  else if (kBodies.contains(info.pattern))
    w.body = kBodies.at(info.pattern);
  else if (info.pattern.ends_with("/keys/retire"))
    w.body = R"({"use":"public log"})";
  else if (info.pattern.ends_with("/bulk"))
    w.body = R"({"foo":["1.0.0"]})";
  else if (info.pattern.find("/audits") != info.pattern.npos)
    w.body = R"({"name":"x","version":"1.0.0","requires":{},"dependencies":{}})";
  else if (info.pattern.ends_with("/owners"))
    w.body = R"({"user":"bob"})";
  else if (info.pattern.ends_with("/access"))
    w.body = R"({"access":"restricted"})";
  else if (info.pattern.ends_with("/dist-tags"))
    w.body = R"({"old":"1.0.0","latest":"1.1.0"})";
  else if (info.pattern.find("/dist-tags/") != info.pattern.npos)
    w.body = R"("1.1.0")";
  else if (info.pattern.ends_with("/password"))
    w.body = R"({"password":"another password"})";
  if (info.method == Method::get) w.body.clear();
  return w;
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
           &world.git_set, &world.upkeep_set, &world.log_set, &world.key_set, &world.account_set,
           &world.routes})
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
