// A package from its first publish to its end, through the gateway on in-memory stores.
#include "archive/gzip_writer.h"
#include "formats/npm/error_envelope.h"
#include "tests/support/forwarding_package_store.h"
#include "tests/support/npm_world.h"

#include <gtest/gtest.h>

namespace kontor::npm {
namespace {

using test::Answer;
using test::Package;
using Json = nlohmann::ordered_json;

class PackageLife : public testing::Test {
 protected:
  test::NpmWorld world;
};

TEST_F(PackageLife, begins_with_a_publish_that_can_be_read_at_once) {
  const Answer published = world.publish({R"({"name":"foo","version":"1.0.0","x":{"y":1}})"});
  ASSERT_EQ(published.status, 201) << published.body;
  EXPECT_EQ(published.json()["success"], true);

  const Answer full = world.get("/foo");
  ASSERT_EQ(full.status, 200) << full.body;
  const Json doc = full.json();
  EXPECT_EQ(doc["_rev"], published.json()["rev"]);
  EXPECT_EQ(doc["dist-tags"]["latest"], "1.0.0");
  EXPECT_EQ(doc["versions"]["1.0.0"]["x"]["y"], 1);
  EXPECT_EQ(doc["versions"]["1.0.0"]["_npmUser"]["name"], "alice");
  EXPECT_EQ(doc["versions"]["1.0.0"]["dist"]["tarball"],
            "http://registry.test/foo/-/foo-1.0.0.tgz");
  EXPECT_EQ(doc["maintainers"][0]["name"], "alice");

  const Answer tarball = world.get("/foo/-/foo-1.0.0.tgz");
  EXPECT_EQ(tarball.status, 200);
  EXPECT_EQ(tarball.body, test::tarball_of({R"({"name":"foo","version":"1.0.0","x":{"y":1}})"}));
  EXPECT_EQ(tarball.header("content-encoding"), "");
}

TEST_F(PackageLife, takes_a_tarball_that_arrives_byte_by_byte) {
  const auto document = test::document_of({});
  test::Ask ask{.method = "PUT", .target = "/foo", .body = document.dump(), .piece = 1};
  ask.headers.emplace_back("authorization", world.login("alice"));
  EXPECT_EQ(world.ask(ask).status, 201);
}

TEST_F(PackageLife, leaves_nothing_behind_where_the_upload_ends_early) {
  const auto whole = test::document_of({}).dump();
  for (const std::size_t end : {std::size_t(1), whole.size() / 2, whole.size() - 1}) {
    test::Ask ask{.method = "PUT", .target = "/foo", .body = whole.substr(0, end)};
    ask.headers.emplace_back("authorization", world.login("alice"));
    EXPECT_EQ(world.ask(ask).status, 400) << end;
  }
  EXPECT_EQ(world.blobs.count(), 0u);
  EXPECT_EQ(world.get("/foo").status, 404);
}

TEST_F(PackageLife, is_refused_over_the_limits_in_the_settings) {
  Package large{.files = {{"noise", world.entropy.bytes(100'000)}}};
  world.change_settings([](Settings& s) { s.publish.max_tarball_bytes = 50'000; });
  EXPECT_EQ(world.publish(large).status, 413);
  world.change_settings([](Settings& s) {
    s.publish.max_tarball_bytes = 1 << 20;
    s.publish.max_archive_entries = 1;
  });
  EXPECT_EQ(world.publish(large).status, 413);
  world.change_settings([](Settings& s) { s.publish.max_archive_entries = 100; });
  EXPECT_EQ(world.publish(large).status, 201);
  EXPECT_EQ(world.blobs.count(), 1u);
}

TEST_F(PackageLife, keeps_what_the_registry_computes_from_the_tarball) {
  ASSERT_EQ(world
                .publish({.files = {{"binding.gyp", "{}"},
                                    {"npm-shrinkwrap.json", "{}"},
                                    {"ReadMe.md", "# from the tarball"}}})
                .status,
            201);
  const Json doc = world.get("/foo").json();
  const Json& version = doc["versions"]["1.0.0"];
  EXPECT_EQ(version["hasInstallScript"], true);
  EXPECT_EQ(version["_hasShrinkwrap"], true);
  EXPECT_EQ(version["readmeFilename"], "ReadMe.md");
  EXPECT_EQ(doc["readme"], "# from the tarball");
  EXPECT_EQ(version["dist"]["fileCount"], 4);
}

TEST_F(PackageLife, is_sent_gzipped_from_the_cache_to_those_who_take_it) {
  world.publish({});
  const auto plain = world.get("/foo");
  const test::Ask ask{.target = "/foo", .headers = {{"accept-encoding", "gzip,deflate"}}};
  const auto first = world.ask(ask), second = world.ask(ask);
  EXPECT_EQ(first.header("content-encoding"), "gzip");
  EXPECT_EQ(*gunzip(first.body, 1 << 20), plain.body);
  EXPECT_EQ(second.body, first.body);
  EXPECT_GT(world.documents.bytes(), plain.body.size());
}

TEST_F(PackageLife, changes_its_etag_with_the_accounts_of_its_owners) {
  world.publish({});
  const auto before = world.get("/foo").header("etag");
  auto alice = world.user("alice");
  alice.email = "new@example.org";
  ASSERT_TRUE(world.run(world.accounts.update_user(alice)));
  const auto after = world.get("/foo");
  EXPECT_NE(after.header("etag"), before);
  EXPECT_EQ(after.json()["maintainers"][0]["email"], "new@example.org");
}

TEST_F(PackageLife, has_no_date_that_another_state_could_share) {
  world.publish({});
  EXPECT_EQ(world.get("/foo").header("last-modified"), "");
  world.clock.advance(seconds(1));
  const auto date = world.get("/foo").header("last-modified");
  const test::Ask ask{.target = "/foo", .headers = {{"if-modified-since", date}}};
  EXPECT_EQ(world.ask(ask).status, 304);
  world.send("PUT", "/-/package/foo/dist-tags/beta", "alice", "1.0.0");
  EXPECT_EQ(world.ask(ask).status, 200);
}

// Lets something happen between a look at a package and the reading of its versions.
class Restless final : public test::ForwardingPackageStore {
 public:
  using ForwardingPackageStore::ForwardingPackageStore;
  Task<FragmentPage> fragment_page(PackageId id, FragmentKind kind, std::uint64_t after,
                                   FragmentLimits limits) override {
    ++renderings;
    if (meanwhile) meanwhile();
    return ForwardingPackageStore::fragment_page(id, kind, after, limits);
  }
  std::function<void()> meanwhile;
  int renderings = 0;
};

TEST_F(PackageLife, is_never_shown_in_two_states_at_once) {
  world.publish({});
  Restless packages(world.packages);
  const Registry& r = world.registry;
  Registry registry{packages,    r.accounts,  r.blobs,    r.clock,    r.entropy,
                    r.passwords, r.secrets,   r.failures, r.observer, r.credentials,
                    r.documents, r.answers, r.downloads, r.advisories, r.processor, r.rates,
                    r.settings};
  Service service{registry};
  RouteTable<Service> routes("npm", package_routes(), service, error_response);
  Gateway restless(registry, {{&routes, true}});
  int published = 0;
  const auto publish_another = [&] {
    world.host = &world.gateway;
    const auto version = "1.0." + std::to_string(++published);
    EXPECT_EQ(world.publish({R"({"name":"foo","version":")" + version + "\"}"}).status, 201);
    world.host = &restless;
  };
  world.host = &restless;
  packages.meanwhile = [&] {
    if (published < 1) publish_another();
  };
  const auto doc = world.get("/foo");
  EXPECT_EQ(packages.renderings, 2);
  EXPECT_EQ(doc.json()["dist-tags"]["latest"], "1.0.1");
  EXPECT_EQ(doc.json()["versions"].size(), 2u);
  EXPECT_EQ(world.get("/foo").body, doc.body);
  EXPECT_EQ(packages.renderings, 2);  // from the cache

  publish_another();
  packages.meanwhile = publish_another;
  const auto bytes = world.documents.bytes();
  const auto hasty = world.get("/foo");  // it never rests: shown once, and by nobody kept
  EXPECT_EQ(hasty.status, 200);
  EXPECT_EQ(hasty.header("etag"), "");
  EXPECT_EQ(hasty.header("cache-control"), "private, no-store");
  EXPECT_EQ(world.documents.bytes(), bytes);
}

TEST_F(PackageLife, counts_downloads_that_begin_and_no_other_requests) {
  world.publish({});
  const std::string target = "/foo/-/foo-1.0.0.tgz";
  const auto etag = world.get(target).header("etag");
  world.get(target);
  world.ask({.target = target, .headers = {{"range", "bytes=0-9"}}});
  world.ask({.method = "HEAD", .target = target});
  world.ask({.target = target, .headers = {{"if-none-match", etag}}});
  world.ask({.target = target, .headers = {{"range", "bytes=10-"}}});
  ASSERT_TRUE(world.run(world.downloads.flush(world.packages)));
  EXPECT_EQ(world.get("/downloads/point/last-day/foo").json()["downloads"], 3);
  EXPECT_EQ(world.get("/versions/foo/last-week").json()["downloads"]["1.0.0"], 3);
  EXPECT_EQ(world.get("/-/v1/search?text=foo").json()["objects"][0]["downloads"],
            (Json{{"monthly", 3}, {"weekly", 3}}));
  const auto days = world.get("/downloads/range/last-week/foo").json()["downloads"];
  ASSERT_EQ(days.size(), 7u);
  EXPECT_EQ(days[6]["downloads"], 3);
  EXPECT_EQ(days[0]["downloads"], 0);
}

TEST_F(PackageLife, may_be_kept_by_caches_as_the_settings_say) {
  world.publish({});
  world.change_settings([](Settings& s) { s.read.metadata_max_age = 60; });
  EXPECT_EQ(world.get("/foo").header("cache-control"),
            "public, max-age=0, s-maxage=60, must-revalidate");
  world.change_settings([](Settings& s) { s.policy.anonymous_read = false; });
  EXPECT_EQ(world.get("/foo").status, 401);
  EXPECT_EQ(world.get("/foo", "bob").header("cache-control"), "private, no-cache");
  const auto tarball = world.get("/foo/-/foo-1.0.0.tgz", "bob");
  EXPECT_EQ(tarball.header("cache-control"), "private, max-age=31536000, immutable");
  EXPECT_EQ(tarball.header("cdn-cache-control"), "");
  EXPECT_EQ(world.get("/-/v1/search?text=foo", "bob").header("cache-control"), "private, no-store");
  EXPECT_EQ(world.get("/-/v1/search?text=foo").status, 401);
}

TEST_F(PackageLife, ends_when_its_owner_takes_it_back_in_time) {
  const auto rev = world.publish({}).json()["rev"].get<std::string>();
  world.clock.advance(days(4));
  const auto late = world.send("DELETE", "/foo/-rev/" + rev, "alice", nullptr);
  EXPECT_EQ(late.status, 403);
  EXPECT_EQ(late.header("kontor-error-code"), "unpublish_refused");
  EXPECT_EQ(world.get("/foo").status, 200);
  EXPECT_EQ(world.send("DELETE", "/foo/-rev/" + rev, "root", nullptr).status, 200);
  const auto gone = world.get("/foo");
  EXPECT_EQ(gone.status, 404);
  EXPECT_NE(gone.json()["error"].get<std::string>().find("was unpublished on"), std::string::npos);
}

TEST_F(PackageLife, of_a_restricted_package_is_its_owners_secret) {
  Json document = test::document_of({});
  document["access"] = "restricted";
  ASSERT_EQ(world.send("PUT", "/foo", "alice", document).status, 201);
  EXPECT_EQ(world.get("/foo").body, world.get("/bar").body);
  EXPECT_EQ(world.get("/foo", "bob").headers.size(), world.get("/bar", "bob").headers.size());
  EXPECT_EQ(world.get("/foo", "root").status, 200);
  EXPECT_EQ(world.send("PUT", "/foo", "bob", test::document_of({})).body,
            world.get("/bar", "bob").body);
  world.login("alice");
  TokenWish narrow;
  narrow.packages = {"@other/*"};
  const auto token = world.add_token("alice", "secret of alice", narrow);
  const test::Ask ask{.target = "/foo", .headers = {{"authorization", "Bearer " + token}}};
  EXPECT_EQ(world.ask(ask).body, world.get("/bar").body);
  EXPECT_EQ(world.get("/-/v1/search?text=foo", "alice").json()["total"], 1);
  const test::Ask search{.target = "/-/v1/search?text=foo", .headers = ask.headers};
  EXPECT_EQ(world.ask(search).json()["total"], 0);
  const test::Ask list{.target = "/-/user/alice/package", .headers = ask.headers};
  EXPECT_EQ(world.ask(list).body, "{}");
}

TEST_F(PackageLife, keeps_its_visibility_whatever_a_later_publish_states_and_says_so) {
  const auto publish = [&](const std::string& version, const Json& access) {
    Json document = test::document_of({R"({"name":"foo","version":")" + version + "\"}"});
    document["access"] = access;
    return world.send("PUT", "/foo", "alice", document);
  };
  EXPECT_EQ(publish("1.0.0", "public").header("npm-notice"), "");
  EXPECT_EQ(publish("1.1.0", nullptr).header("npm-notice"), "");
  EXPECT_EQ(publish("1.2.0", "public").header("npm-notice"), "");
  EXPECT_EQ(publish("1.3.0", "restricted").header("npm-notice"),
            "foo stays public; to change that: npm access set status=private foo");
  EXPECT_EQ(world.get("/-/package/foo/visibility").json()["public"], true);
  world.send("POST", "/-/package/foo/access", "alice", {{"access", "restricted"}});
  EXPECT_EQ(publish("1.4.0", "public").header("npm-notice"),
            "foo stays restricted; to change that: npm access set status=public foo");
  EXPECT_EQ(world.get("/foo").status, 404);
}

TEST_F(PackageLife, is_changed_by_no_read_only_token) {
  world.publish({});
  TokenWish wish;
  wish.rights = TokenRights::read_only;
  const auto token = world.add_token("alice", "secret of alice", wish);
  const auto ask = [&](std::string method, std::string target, std::string body) {
    return world
        .ask({std::move(method),
              std::move(target),
              {{"authorization", "Bearer " + token}},
              std::move(body)})
        .header("kontor-error-code");
  };
  const auto before = world.get("/foo").body;
  EXPECT_EQ(ask("PUT", "/foo", test::document_of({}).dump()), "insufficient_scope");
  EXPECT_EQ(ask("PUT", "/foo", R"({"users":{"alice":true}})"), "insufficient_scope");
  EXPECT_EQ(ask("PUT", "/-/package/foo/dist-tags/x", R"("1.0.0")"), "insufficient_scope");
  EXPECT_EQ(ask("DELETE", "/foo/-rev/1-a", ""), "insufficient_scope");
  EXPECT_EQ(ask("POST", "/-/package/foo/access", R"({"access":"restricted"})"),
            "insufficient_scope");
  EXPECT_EQ(world.get("/foo").body, before);
}

TEST(Audit, takes_gzipped_bodies) {
  test::NpmWorld world;
  const auto post = [&](const std::string& text) {
    return world.ask(
        {"POST", "/-/npm/v1/security/advisories/bulk", {{"content-encoding", "gzip"}}, gzip(text)});
  };
  const auto good = post(R"({"left-pad":["1.0.0"]})");
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(good.body, "{}");
  EXPECT_EQ(post("[]").status, 400);
  EXPECT_EQ(post(std::string(40u << 20, ' ')).status, 413);  // a small bomb
}

}  // namespace
}  // namespace kontor::npm
