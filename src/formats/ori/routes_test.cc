// What the conversations of tests/protocol cannot see: answers at hand, time that passes, names of
// files in forms.
#include "tests/support/ori_world.h"

#include <gmock/gmock.h>

namespace kontor::test {
namespace {

using nlohmann::ordered_json;
using testing::ElementsAre;

struct OriRoutes : testing::Test {
  OriRoutes() { EXPECT_EQ(world.publish_ori({}).status, 201); }
  Answer post(const std::string& user, const std::string& target, const ordered_json& body = {}) {
    return world.send("POST", target, user, body);
  }
  // Ids of the advisories that the list of versions and the version's metadata show.
  std::vector<std::vector<std::string>> advisories_of(const std::string& version) {
    std::vector<std::vector<std::string>> out;
    const auto list = world.get("/v1/packages/acme/tool/versions").json();
    for (const auto& row : list["versions"])
      if (row["version"] == version) out.push_back(row["advisories"]);
    const auto one = world.get("/v1/packages/acme/tool/" + version + "/metadata").json();
    out.push_back(one["advisories"]);
    return out;
  }

  OriWorld world;
};

TEST_F(OriRoutes, repeated_downloads_come_from_memory_and_are_counted) {
  const std::string target = "/v1/packages/acme/tool/1.0.0/download";
  const auto first = world.get(target);
  EXPECT_EQ(world.ready_answers, 0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(world.get(target).body, first.body);
  EXPECT_EQ(world.ready_answers, 3);
  const auto again =
      world.ask({.target = target, .headers = {{"if-none-match", first.header("etag")}}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(world.ask({.method = "HEAD", .target = target}).status, 200);
  const auto counts = world.downloads.take();
  ASSERT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts[0].key, (PackageKey{FormatId::ori, "@acme/tool"}));
  EXPECT_EQ(counts[0].version, "1.0.0");
  EXPECT_EQ(counts[0].count, 4u) << "neither what was known already nor a HEAD is a download";
}

TEST_F(OriRoutes, an_offer_is_good_for_seven_days) {
  const std::string target = "/v1/packages/acme/tool/transfer";
  ASSERT_EQ(post("alice", target, {{"to", "bob"}}).status, 202);
  world.clock.advance(days(7));
  EXPECT_EQ(post("bob", target + "/accept").status, 404);
  EXPECT_EQ(world.get(target, "bob").status, 404);
  ASSERT_EQ(post("alice", target, {{"to", "bob"}}).status, 202) << "nothing is pending";
  world.clock.advance(Duration{days(7).ms - 1});
  EXPECT_EQ(post("bob", target + "/accept").status, 200);
  const auto owners = world.get("/v1/packages/acme/tool/owners").json();
  EXPECT_THAT(owners["owners"], ElementsAre("bob"));
}

TEST_F(OriRoutes, an_upload_may_be_called_oripk_and_is_served_by_its_own_name) {
  const std::string archive = ori_archive({.version = "1.1.0"});
  Ask form{.method = "POST", .target = "/v1/packages/acme/tool/publish"};
  form.headers = {{"content-type", "multipart/form-data; boundary=here"},
                  {"authorization", world.login("alice")}};
  form.body =
      "--here\r\nContent-Disposition: form-data; name=\"archive\"; "
      "filename=\"tool-1.1.0.oripk\"\r\n\r\n" +
      archive + "\r\n--here--\r\n";
  ASSERT_EQ(world.ask(form).status, 201);
  const auto sent = world.get("/v1/packages/acme/tool/1.1.0/download");
  EXPECT_EQ(sent.body, archive);
  EXPECT_EQ(sent.header("content-disposition"), "attachment; filename=\"tool-1.1.0.ori.tar.gz\"");
}

TEST_F(OriRoutes, ten_mebibytes_are_the_most) {
  const auto refused =
      world.publish_bytes("@acme/tool", std::string((10u << 20) + (1u << 18), 'x'));
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(refused.json()["message"], "An archive may have at most 10 MiB.");
}

TEST_F(OriRoutes, every_change_is_a_row_of_the_audit_trail) {
  const std::string package = "/v1/packages/acme/tool", version = package + "/1.0.0";
  EXPECT_EQ(post("alice", version + "/yank").status, 200);
  EXPECT_EQ(post("alice", version + "/unyank").status, 200);
  EXPECT_EQ(post("alice", version + "/deprecate", {{"message", "old"}}).status, 200);
  EXPECT_EQ(world.send("PUT", package + "/owners/carol", "alice", {}).status, 200);
  EXPECT_EQ(post("alice", package + "/transfer", {{"to", "bob"}}).status, 202);
  EXPECT_EQ(post("bob", package + "/transfer/accept").status, 200);
  const auto removal = "/v1/admin/packages/acme/tool/1.0.0/remove";
  EXPECT_EQ(post("root", removal, {{"kind", "legal"}, {"reason", "court"}}).status, 200);
  std::vector<std::string> actions;
  for (const auto& row : world.database.audit)
    if (row.entry.target.starts_with("ori:@acme/tool"))
      actions.push_back(row.entry.actor + " " + row.entry.action);
  EXPECT_THAT(actions, ElementsAre("alice publish", "alice yank", "alice unyank", "alice deprecate",
                                   "alice owner", "alice transfer-offer", "bob transfer-accept",
                                   "root remove"));
}

TEST_F(OriRoutes, versions_show_the_advisories_that_affect_them) {
  ASSERT_EQ(world.publish_ori({.version = "1.1.0"}).status, 201);
  const ordered_json events = {{{"introduced", "0"}}, {{"fixed", "1.1.0"}}};
  const ordered_json affected = {{"package", {{"ecosystem", "Ori"}, {"name", "@acme/tool"}}},
                                 {"ranges", {{{"type", "SEMVER"}, {"events", events}}}}};
  ASSERT_EQ(
      post("root", "/v1/advisories", {{"id", "ORI-SA-2026-1"}, {"affected", {affected}}}).status,
      201);
  ASSERT_EQ(post("root", "/-/kontor/v1/advisories/scan", {{"all", true}}).status, 200);
  const std::vector<std::string> one = {"ORI-SA-2026-1"}, none;
  EXPECT_THAT(advisories_of("1.0.0"), ElementsAre(one, one));
  EXPECT_THAT(advisories_of("1.1.0"), ElementsAre(none, none));
}

}  // namespace
}  // namespace kontor::test
