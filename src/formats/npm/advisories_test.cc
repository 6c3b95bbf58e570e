// Advisories as npm's clients meet them: audits, quarantine, what a publish is told.
#include "formats/npm/search_entry.h"
#include "registry/advisories/routes.h"
#include "registry/advisories/scan.h"
#include "registry/error_body.h"
#include "tests/support/forwarding_package_store.h"
#include "tests/support/npm_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace kontor::test {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string manifest(const std::string& name, const std::string& version,
                     const Json& dependencies = Json::object()) {
  return Json{{"name", name}, {"version", version}, {"dependencies", dependencies}}.dump();
}

Json record(const std::string& id, const std::string& name, const Json& events,
            const std::string& severity = "HIGH") {
  return {{"id", id},
          {"modified", "2026-05-01T00:00:00Z"},
          {"summary", "A hole"},
          {"affected",
           Json::array({{{"package", {{"ecosystem", "npm"}, {"name", name}}},
                         {"ranges", Json::array({{{"type", "SEMVER"}, {"events", events}}})}}})},
          {"database_specific", {{"severity", severity}}}};
}

Json malware(const std::string& id, const std::string& name, const std::string& version) {
  return {{"id", id},
          {"modified", "2026-05-01T00:00:00Z"},
          {"summary", "Steals tokens"},
          {"affected", Json::array({{{"package", {{"ecosystem", "npm"}, {"name", name}}},
                                     {"versions", Json::array({version})}}})}};
}

const Json kOneToTwo = Json::array({{{"introduced", "1.0.0"}}, {{"fixed", "2.0.0"}}});

class Advisories : public testing::Test {
 protected:
  Advisories()
      : advisories("advisories", advisory_routes(), world.registry, error_body),
        whole(world.registry, {{&advisories, false}, {&world.routes, true}}) {
    world.registry.advisories.formats = formats;
    world.host = &whole;
  }

  int publish(const std::string& name, const std::string& version,
              const Json& dependencies = Json::object()) {
    return world.publish({.manifest = manifest(name, version, dependencies)}).status;
  }
  void plant(const Json& advisory) {
    const auto answer = world.send("POST", "/v1/advisories", "root", advisory);
    ASSERT_EQ(answer.status, 201) << answer.body;
  }
  Answer withdraw(const std::string& id) {
    return world.send("PATCH", "/v1/advisories/" + id, "root", {{"withdrawn", true}});
  }
  std::vector<std::string> versions(const std::string& name) {
    std::vector<std::string> out;
    const auto document = world.get("/" + name).json();
    for (const auto& [version, manifest] : document["versions"].items()) out.push_back(version);
    return out;
  }
  Json bulk(const Json& asked) {
    return world.send("POST", "/-/npm/v1/security/advisories/bulk", "", asked).json();
  }
  std::vector<std::string> leaves() {
    std::vector<std::string> kinds;
    for (const auto& stored : world.database.logs[LogId::open])
      kinds.push_back(stored.leaf.substr(10, stored.leaf.find('\n') - 10));
    return kinds;
  }

  static constexpr const Format* formats[] = {&npm::kNpm};
  NpmWorld world;
  RouteTable<Registry> advisories;
  Gateway whole;
};

TEST_F(Advisories, an_audit_names_what_affects_the_versions_asked_for) {
  plant(record("GHSA-1", "left", kOneToTwo));
  const auto answer = bulk({{"left", {"1.5.0"}}, {"right", {"1.0.0"}}});
  ASSERT_EQ(answer.size(), 1u) << answer;
  const auto& entry = answer["left"][0];
  EXPECT_EQ(entry["title"], "A hole");
  EXPECT_EQ(entry["severity"], "high");
  EXPECT_EQ(entry["vulnerable_versions"], ">=1.0.0 <2.0.0");
  EXPECT_TRUE(entry["id"].is_number_unsigned());
  EXPECT_EQ(entry["url"], "https://github.com/advisories/GHSA-1");
  EXPECT_EQ(bulk({{"left", {"2.0.0"}}}), Json::object());
}

TEST_F(Advisories, aliases_are_one_advisory) {
  auto cve = record("CVE-1", "left", Json::array({{{"introduced", "0"}}, {{"fixed", "1.5.0"}}}));
  cve["aliases"] = {"GHSA-1"};
  plant(cve);
  plant(record("GHSA-1", "left", kOneToTwo));
  const auto answer = bulk({{"left", {"0.1.0"}}});
  ASSERT_EQ(answer["left"].size(), 1u) << answer;
  EXPECT_THAT(answer["left"][0]["url"], "https://github.com/advisories/GHSA-1");
  EXPECT_EQ(answer["left"][0]["vulnerable_versions"], "<2.0.0");
}

TEST_F(Advisories, the_older_audit_names_paths_and_fixes) {
  plant(record("GHSA-1", "left", kOneToTwo));
  const Json tree = {
      {"name", "app"},
      {"dependencies",
       {{"top", {{"version", "1.0.0"}, {"dependencies", {{"left", {{"version", "1.2.0"}}}}}}}}}};
  const auto answer = world.send("POST", "/npm/-/npm/v1/security/audits/quick", "", tree).json();
  ASSERT_EQ(answer["advisories"].size(), 1u) << answer;
  const auto entry = answer["advisories"].front();
  EXPECT_EQ(entry["module_name"], "left");
  EXPECT_EQ(entry["patched_versions"], ">=2.0.0");
  EXPECT_EQ(entry["findings"], Json::array({{{"version", "1.2.0"}, {"paths", {"top>left"}}}}));
  EXPECT_EQ(answer["metadata"]["vulnerabilities"]["high"], 1);
  EXPECT_EQ(answer["metadata"]["totalDependencies"], 2);
}

TEST_F(Advisories, a_document_shows_what_affects_its_versions) {
  ASSERT_EQ(publish("left", "1.0.0"), 201);
  const auto etag = world.get("/left").header("etag");
  plant(record("GHSA-1", "left", kOneToTwo));
  const auto answer = world.get("/left");
  EXPECT_NE(answer.header("etag"), etag);
  EXPECT_THAT(answer.json()["_advisories"]["GHSA-1"]["versions"], ElementsAre("1.0.0"));
  EXPECT_FALSE(answer.json().contains("policyRestrictions"));
  EXPECT_THAT(versions("left"), ElementsAre("1.0.0")) << "warned about, and served";
  EXPECT_EQ(withdraw("GHSA-1").status, 200);
  EXPECT_FALSE(world.get("/left").json().contains("_advisories"));
}

TEST_F(Advisories, a_malicious_version_is_quarantined_at_once_and_latest_moves) {
  ASSERT_EQ(publish("left", "1.0.0"), 201);
  ASSERT_EQ(publish("left", "1.1.0"), 201);
  ASSERT_EQ(world.send("PUT", "/-/package/left/dist-tags/next", "alice", "1.1.0").status, 201);
  plant(malware("MAL-1", "left", "1.1.0"));
  EXPECT_THAT(versions("left"), ElementsAre("1.0.0"));
  const auto document = world.get("/left").json();
  EXPECT_EQ(document["dist-tags"], (Json{{"latest", "1.0.0"}}));
  EXPECT_THAT(document["policyRestrictions"]["message"], HasSubstr("MAL-1"));
  EXPECT_EQ(document["policyRestrictions"]["versions"]["1.1.0"]["version"], "1.1.0");
  for (const auto* target : {"/left/-/left-1.1.0.tgz", "/left/1.1.0"}) {
    const auto refused = world.get(target);
    EXPECT_EQ(refused.status, 403) << target;
    EXPECT_EQ(refused.header("kontor-error-code"), "quarantined");
    EXPECT_THAT(refused.json()["error"], HasSubstr("MAL-1 (Steals tokens)"));
  }
  EXPECT_EQ(world.get("/left/-/left-1.0.0.tgz").status, 200);
  EXPECT_THAT(leaves(), testing::Contains("advisory"));
  EXPECT_THAT(leaves(), testing::Contains("quarantine"));

  EXPECT_EQ(world.send("PUT", "/-/package/left/dist-tags/old", "alice", "1.1.0").status, 403);
  EXPECT_EQ(withdraw("MAL-1").status, 200);
  EXPECT_THAT(versions("left"), ElementsAre("1.0.0", "1.1.0"));
  EXPECT_EQ(world.get("/left").json()["dist-tags"], (Json{{"latest", "1.1.0"}, {"next", "1.1.0"}}));
  EXPECT_EQ(world.get("/left/-/left-1.1.0.tgz").status, 200);
  EXPECT_THAT(leaves(), testing::Contains("release"));
}

TEST_F(Advisories, a_package_of_malicious_versions_alone_is_found_no_more) {
  ASSERT_EQ(publish("left", "1.0.0"), 201);
  plant(malware("MAL-1", "left", "1.0.0"));
  const auto answer = world.get("/left");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json()["versions"], Json::object());
  EXPECT_EQ(answer.json()["dist-tags"], Json::object());
  EXPECT_EQ(world.get("/-/v1/search?text=left").json()["total"], 0);
  ASSERT_EQ(publish("left", "1.0.1"), 201);
  EXPECT_EQ(world.get("/left").json()["dist-tags"]["latest"], "1.0.1");
  EXPECT_EQ(withdraw("MAL-1").status, 200);
  EXPECT_EQ(world.get("/left").json()["dist-tags"]["latest"], "1.0.1");
}

TEST_F(Advisories, owners_cannot_remove_what_is_in_quarantine) {
  ASSERT_EQ(publish("left", "1.0.0"), 201);
  ASSERT_EQ(publish("left", "1.1.0"), 201);
  plant(malware("MAL-1", "left", "1.1.0"));
  const auto rev = world.get("/left", "alice").json()["_rev"].get<std::string>();
  EXPECT_EQ(world.send("DELETE", "/left/-rev/" + rev, "alice", nullptr).status, 403);
  EXPECT_EQ(world.send("DELETE", "/left/-/left-1.1.0.tgz/-rev/" + rev, "alice", nullptr).status,
            403);
  EXPECT_EQ(world.send("DELETE", "/left/-/left-1.0.0.tgz/-rev/" + rev, "alice", nullptr).status,
            200);
  EXPECT_THAT(versions("left"), IsEmpty());
  const auto now = world.get("/left", "root").json()["_rev"].get<std::string>();
  EXPECT_EQ(world.send("DELETE", "/left/-rev/" + now, "root", nullptr).status, 200);
  EXPECT_EQ(world.get("/left").status, 404);
}

TEST_F(Advisories, a_publish_is_judged_before_anybody_can_install_it) {
  plant(malware("MAL-1", "left", "1.1.0"));
  ASSERT_EQ(publish("left", "1.0.0"), 201);
  const auto answer = world.publish({.manifest = manifest("left", "1.1.0")});
  EXPECT_EQ(answer.status, 201) << "kept as evidence";
  EXPECT_THAT(answer.header("npm-notice"), HasSubstr("MAL-1"));
  EXPECT_THAT(versions("left"), ElementsAre("1.0.0"));
  EXPECT_EQ(world.get("/left").json()["dist-tags"], (Json{{"latest", "1.0.0"}}));
  EXPECT_EQ(publish("left", "1.1.0"), 201) << "a repetition";
  EXPECT_EQ(withdraw("MAL-1").status, 200);
  EXPECT_EQ(world.get("/left").json()["dist-tags"]["latest"], "1.1.0");
}

TEST_F(Advisories, rules_decide_whether_a_publish_is_refused) {
  plant(record("GHSA-1", "left", kOneToTwo));
  const auto warned = world.publish({.manifest = manifest("left", "1.0.0")});
  EXPECT_EQ(warned.status, 201);
  EXPECT_THAT(warned.header("npm-notice"), HasSubstr("GHSA-1 (high) affects left@1.0.0"));
  world.change_settings(
      [](Settings& s) { s.advisories.rules = {*parse_advisory_rule("GHSA/high=block")}; });
  const auto refused = world.publish({.manifest = manifest("left", "1.0.1")});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.header("kontor-error-code"), "advisory_blocked");
  EXPECT_EQ(publish("left", "2.0.0"), 201);
}

TEST_F(Advisories, other_rules_count_for_what_is_here) {
  ASSERT_EQ(publish("left", "1.0.0"), 201);
  plant(record("GHSA-1", "left", kOneToTwo));
  world.change_settings(
      [](Settings& s) { s.advisories.rules = {*parse_advisory_rule("*/high=quarantine")}; });
  const auto changed = world.run(keep_scanned(advisory_ports(world.registry)));
  EXPECT_EQ(changed, 1u);
  EXPECT_THAT(versions("left"), IsEmpty());
  world.change_settings([](Settings& s) { s.advisories.rules = {}; });
  EXPECT_EQ(world.run(keep_scanned(advisory_ports(world.registry))), 1u);
  EXPECT_EQ(world.run(keep_scanned(advisory_ports(world.registry))), 0u);
  EXPECT_THAT(versions("left"), ElementsAre("1.0.0"));
}

TEST_F(Advisories, a_scan_that_a_crash_prevented_is_done_later) {
  ASSERT_EQ(publish("left", "1.0.0"), 201);
  const auto advisory = parse_osv(malware("MAL-1", "left", "1.0.0"));
  ASSERT_TRUE(advisory);
  AdvisoryRecord record{.id = "MAL-1", .document = canonical_osv(*advisory)};
  record.subjects = {
      {{"npm", "left"}, FormatId::npm, print_package_advisory(by_package(*advisory)[0])}};
  AdvisoryBatch batch{.at = world.clock.now(), .records = {record}};
  batch.by.credential = {tlog::Credential::Kind::job, "test", {}};
  ASSERT_TRUE(world.run(world.advisories.put(batch)));
  EXPECT_THAT(versions("left"), ElementsAre("1.0.0"));
  EXPECT_EQ(world.run(keep_scanned(advisory_ports(world.registry))), 1u);
  EXPECT_THAT(versions("left"), IsEmpty());
}

// Something happens right before the first change reaches the store.
class Overtaken final : public ForwardingPackageStore {
 public:
  using ForwardingPackageStore::ForwardingPackageStore;
  Task<AppliedChange> apply(PackageChange change) override {
    if (before) std::exchange(before, nullptr)();
    return ForwardingPackageStore::apply(std::move(change));
  }
  std::function<void()> before;
};

TEST_F(Advisories, a_publish_that_an_advisory_overtakes_is_judged_again) {
  Overtaken packages(world.packages);
  const Registry& r = world.registry;
  Registry registry{packages,    r.accounts, r.blobs,     r.clock,      r.entropy,
                    r.passwords, r.secrets,  r.failures,  r.observer,   r.credentials,
                    r.documents, r.answers,  r.downloads, r.advisories,
                    r.processor, r.rates,    r.settings};
  npm::Service service{registry};
  RouteTable<npm::Service> routes("npm", npm::package_routes(), service, error_body);
  Gateway overtaken(registry, {{&routes, true}});
  packages.before = [&] {
    world.host = &whole;
    plant(malware("MAL-1", "left", "1.0.0"));
    world.host = &overtaken;
  };
  world.host = &overtaken;
  const auto answer = world.publish({.manifest = manifest("left", "1.0.0")});
  world.host = &whole;
  EXPECT_EQ(answer.status, 201);
  EXPECT_THAT(answer.header("npm-notice"), HasSubstr("MAL-1"));
  EXPECT_THAT(versions("left"), IsEmpty());
  EXPECT_EQ(world.get("/left/-/left-1.0.0.tgz").status, 403);
}

TEST_F(Advisories, dependencies_are_looked_at_too) {
  plant(record("GHSA-1", "left", kOneToTwo));
  plant(malware("MAL-1", "bad", "1.0.0"));
  const auto warned = world.publish({.manifest = manifest("top", "1.0.0", {{"left", "1.4.0"}})});
  EXPECT_EQ(warned.status, 201);
  EXPECT_THAT(
      warned.header("npm-notice"),
      HasSubstr("every version that the dependency left@1.4.0 takes is affected by GHSA-1"));
  EXPECT_EQ(publish("top", "1.0.1", {{"left", "2.4.0"}}), 201);
  const auto refused = world.publish({.manifest = manifest("top", "1.0.2", {{"bad", "1.0.0"}})});
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.json()["error"], HasSubstr("bad@1.0.0"));
}

TEST_F(Advisories, a_change_scans_only_packages_that_it_names) {
  ASSERT_EQ(publish("left", "1.0.0"), 201);
  ASSERT_EQ(publish("right", "1.0.0"), 201);
  const auto before = world.get("/right").header("etag");
  plant(record("GHSA-1", "left", kOneToTwo));
  EXPECT_EQ(world.get("/right").header("etag"), before);
  EXPECT_THAT(world.database.waiting_scans, IsEmpty());
}

TEST_F(Advisories, the_api_finds_by_package_version_id_and_alias) {
  auto hole = record("GHSA-1", "left", kOneToTwo);
  hole["aliases"] = {"CVE-1"};
  hole["x_mine"] = {1, "two"};
  plant(hole);
  EXPECT_EQ(world.get("/v1/advisories/CVE-1").json()["x_mine"], (Json{1, "two"}));
  EXPECT_EQ(world.get("/v1/advisories/CVE-2").status, 404);
  const auto count = [&](const std::string& query) {
    return world.get("/v1/advisories" + query).json()["advisories"].size();
  };
  EXPECT_EQ(count("?package=left"), 1u);
  EXPECT_EQ(count("?package=left&version=1.0.0"), 1u);
  EXPECT_EQ(count("?package=left&version=2.0.0"), 0u);
  EXPECT_EQ(count("?package=left&ecosystem=Ori"), 0u);
  EXPECT_EQ(count("?package=other"), 0u);
  EXPECT_EQ(count(""), 1u);
  EXPECT_EQ(count("?cursor=GHSA-1"), 0u);
  EXPECT_EQ(count("?since=2026-05-02T00:00:00Z"), 0u);
  EXPECT_EQ(world.get("/v1/advisories?limit=0").status, 400);
  const auto answer =
      world.send("POST", "/v1/advisories/query", "",
                 {{"packages", Json::array({{{"name", "left"}, {"version", "1.1.0"}},
                                            {{"name", "none"}, {"version", "1.0.0"}}})}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto results = answer.json()["results"];
  EXPECT_EQ(results[0]["advisories"][0]["fixed"], "2.0.0");
  EXPECT_EQ(results[0]["advisories"][0]["severity"], "high");
  EXPECT_EQ(results[1]["advisories"], Json::array());
}

TEST_F(Advisories, own_records_get_an_id_and_times) {
  for (const auto* id : {"x_ADV-2026-0001", "x_ADV-2026-0002"}) {
    const auto answer = world.send("POST", "/v1/advisories", "root", {{"summary", "ours"}});
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(answer.json()["id"], id);
  }
  const auto stored = world.get("/v1/advisories/x_ADV-2026-0002").json();
  EXPECT_EQ(stored["schema_version"], "1.7.0");
  EXPECT_EQ(stored["modified"], rfc3339(world.clock.now()));
}

TEST_F(Advisories, a_batch_takes_what_is_fit_and_says_what_is_not) {
  const Json records = Json::array({record("GHSA-1", "left", kOneToTwo),
                                    {{"id", "GHSA-2"}},
                                    record("GHSA-1", "left", kOneToTwo),
                                    record("GHSA-3", "left", {{{"introduced", "one"}}})});
  const auto answer = world.send("POST", "/v1/advisories", "root", {{"advisories", records}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto results = answer.json()["results"];
  EXPECT_EQ(results[0]["outcome"], "added");
  EXPECT_THAT(results[1]["message"], HasSubstr("modified"));
  EXPECT_THAT(results[2]["message"], HasSubstr("twice"));
  EXPECT_THAT(results[3]["message"], HasSubstr("affected[0].ranges[0].events[0]"));
  EXPECT_EQ(world.send("POST", "/v1/advisories", "root", {{"id", "no id!"}}).status, 400);
  EXPECT_EQ(world.send("POST", "/v1/advisories", "alice", {{"id", "X-1"}}).status, 403);
}

TEST_F(Advisories, a_feed_does_not_bring_back_what_was_withdrawn_here) {
  const auto feed = Json{{"advisories", Json::array({malware("MAL-1", "left", "1.0.0")})}};
  ASSERT_EQ(publish("left", "1.0.0"), 201);
  ASSERT_EQ(world.send("POST", "/v1/advisories", "root", feed).status, 200);
  EXPECT_THAT(versions("left"), IsEmpty());
  EXPECT_EQ(withdraw("MAL-1").status, 200);
  const auto again = world.send("POST", "/v1/advisories", "root", feed);
  EXPECT_EQ(again.json()["results"][0]["outcome"], "outdated");
  EXPECT_THAT(versions("left"), ElementsAre("1.0.0"));
}

}  // namespace
}  // namespace kontor::test
