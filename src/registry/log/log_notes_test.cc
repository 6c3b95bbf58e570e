// What each use case leaves in the logs.
#include "registry/log/log_notes.h"

#include "adapters/memory/log_store.h"
#include "base/sha256.h"
#include "registry/package_changes.h"
#include "registry/publish.h"
#include "registry/unpublish.h"
#include "tests/support/account_world.h"
#include "tests/support/package_builders.h"

#include <gmock/gmock.h>

namespace kontor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Format kPlain = {
    .id = FormatId::npm,
    .comes_before = [](const std::string& a, const std::string& b) { return a < b; },
    .is_stable = [](const std::string&) { return true; },
    .search_entry = [](const VersionRecord& v) { return test::search_entry(v.version); },
    .deprecation_of = [](const std::string&) { return std::string(); },
    .with_deprecation = [](const std::string& fragment, const std::string&) { return fragment; },
};
const PackageKey kPkg{FormatId::npm, "pkg"};

class LogNotesTest : public testing::Test {
 protected:
  LogNotesTest() {
    for (const auto* name : {"alice", "bob"}) world.add_user(name, "long password");
  }

  void publish_version(const std::string& version, std::optional<Visibility> visibility = {}) {
    Publication out{.key = kPkg};
    out.version = test::version_record(version);
    out.tags = {"latest"};
    out.visibility = visibility;
    out.search = test::search_entry(version);
    out.manifest = sha256("manifest " + version);
    auto writer = world.run(world.blobs.stage());
    ASSERT_TRUE(world.run((*writer)->append(version)));
    out.version.archive = *world.run((*writer)->seal());
    must(publish(world.registry, test::kTestFormat, alice(), std::move(out), std::move(*writer)));
  }
  template <class T>
  void must(Task<T> task) {
    const auto done = world.run(std::move(task));
    EXPECT_TRUE(done) << done.error().message();
  }
  Actor alice() { return world.actor("alice"); }

  // The leaves since the last call, each without author and time.
  std::vector<std::string> fresh(LogId log = LogId::open) {
    std::vector<std::string> out;
    const auto entries = world.run(store.entries(log, seen[log], 1000));
    for (const Bytes& entry : *entries) out.push_back(entry.substr(0, entry.find("\nby ")));
    seen[log] += entries->size();
    return out;
  }
  std::string account(const std::string& name) { return world.user(name).account; }

  test::AccountWorld world;
  memory::LogStore store{world.database};
  std::map<LogId, std::uint64_t> seen;
};

TEST_F(LogNotesTest, a_publish_tells_of_its_bytes_its_tag_and_the_first_owner) {
  publish_version("1.0.0");
  const auto archive = (*world.run(world.packages.find_version(
                            (*world.run(world.packages.find(kPkg)))->id, "1.0.0")))
                           ->archive;
  EXPECT_THAT(fresh(),
              ElementsAre("pkglog/v1 publish\npackage npm/pkg\nversion 1.0.0\nsize 5\nsha256 " +
                              archive.sha256.hex() + "\nsha512 " + archive.sha512.hex() +
                              "\nmanifest " + sha256("manifest 1.0.0").hex(),
                          "pkglog/v1 tag\npackage npm/pkg\ntag latest\nbefore -\nafter 1.0.0",
                          "pkglog/v1 owner\npackage npm/pkg\nchange add\naccount " +
                              account("alice") + "\nrole maintainer"));
  publish_version("2.0.0");
  const auto second = fresh();
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(second[1], "pkglog/v1 tag\npackage npm/pkg\ntag latest\nbefore 1.0.0\nafter 2.0.0");
}

TEST_F(LogNotesTest, a_leaf_names_account_and_token_and_nobody_by_name) {
  Actor actor = alice();
  EXPECT_EQ(log_author(actor).credential.kind, tlog::Credential::Kind::session);
  actor.principal.token_key = "0123abcd";
  EXPECT_EQ(log_author(actor).credential,
            (tlog::Credential{tlog::Credential::Kind::token, "0123abcd", {}}));
  EXPECT_EQ(log_author(actor).user, actor.principal.user);
  publish_version("1.0.0");
  for (const Bytes& entry : *world.run(store.entries(LogId::open, 0, 10))) {
    EXPECT_NE(entry.find("\nby " + account("alice") + " session\n"), entry.npos) << entry;
    EXPECT_EQ(entry.find("alice"), entry.npos) << entry;
    EXPECT_EQ(entry.find("192.0.2.1"), entry.npos) << entry;
  }
}

TEST_F(LogNotesTest, tags_tell_where_they_pointed) {
  publish_version("1.0.0");
  publish_version("2.0.0");
  fresh();
  must(change_tags(world.registry, kPlain, alice(), kPkg, {{{"old", "1.0.0"}}, {"none"}}));
  EXPECT_THAT(fresh(),
              ElementsAre("pkglog/v1 tag\npackage npm/pkg\ntag old\nbefore -\nafter 1.0.0"));
  must(change_tags(world.registry, kPlain, alice(), kPkg, {{}, {"old"}}));
  EXPECT_THAT(fresh(),
              ElementsAre("pkglog/v1 tag\npackage npm/pkg\ntag old\nbefore 1.0.0\nafter -"));
}

TEST_F(LogNotesTest, owners_come_and_go_by_account) {
  publish_version("1.0.0");
  fresh();
  must(add_maintainer(world.registry, alice(), kPkg, "bob"));
  const std::string bob = "\naccount " + account("bob") + "\nrole maintainer";
  EXPECT_THAT(fresh(), ElementsAre("pkglog/v1 owner\npackage npm/pkg\nchange add" + bob));
  must(remove_maintainer(world.registry, alice(), kPkg, "bob"));
  EXPECT_THAT(fresh(), ElementsAre("pkglog/v1 owner\npackage npm/pkg\nchange remove" + bob));
}

TEST_F(LogNotesTest, deprecations_tell_the_digest_of_their_text) {
  publish_version("1.0.0");
  fresh();
  must(deprecate(world.registry, kPlain, alice(), kPkg, {{"1.0.0", "secret words"}}, {}));
  EXPECT_THAT(fresh(), ElementsAre("pkglog/v1 deprecate\npackage npm/pkg\nversion 1.0.0\nmessage " +
                                   sha256("secret words").hex()));
  must(deprecate(world.registry, kPlain, alice(), kPkg, {{"1.0.0", ""}}, {}));
  EXPECT_THAT(fresh(),
              ElementsAre("pkglog/v1 deprecate\npackage npm/pkg\nversion 1.0.0\nmessage -"));
}

TEST_F(LogNotesTest, unpublishing_tells_of_versions_and_of_tags) {
  publish_version("1.0.0");
  publish_version("2.0.0");
  fresh();
  must(unpublish_versions(world.registry, kPlain, alice(), kPkg, {"2.0.0"}, {}));
  EXPECT_THAT(fresh(), ElementsAre("pkglog/v1 withdraw\npackage npm/pkg\nversion 2.0.0\nreason "
                                   "unpublished",
                                   "pkglog/v1 tag\npackage npm/pkg\ntag latest\nbefore 2.0.0\n"
                                   "after 1.0.0"));
  must(unpublish_package(world.registry, kPlain, alice(), kPkg, {}));
  EXPECT_THAT(fresh(), ElementsAre("pkglog/v1 withdraw\npackage npm/pkg\nversion 1.0.0\nreason "
                                   "unpublished",
                                   "pkglog/v1 tag\npackage npm/pkg\ntag latest\nbefore 1.0.0\n"
                                   "after -"));
}

TEST_F(LogNotesTest, restricted_packages_are_logged_apart) {
  publish_version("1.0.0", Visibility::restricted);
  EXPECT_THAT(fresh(LogId::open), IsEmpty());
  EXPECT_EQ(fresh(LogId::restricted).size(), 3u);
  must(set_visibility(world.registry, alice(), kPkg, Visibility::open));
  EXPECT_THAT(fresh(LogId::open), ElementsAre("pkglog/v1 policy\npackage npm/pkg\nsetting "
                                              "visibility\nbefore restricted\nafter public"));
  publish_version("2.0.0");
  EXPECT_EQ(fresh(LogId::open).size(), 2u);
  must(set_visibility(world.registry, alice(), kPkg, Visibility::restricted));
  EXPECT_EQ(fresh(LogId::open).size(), 1u);
  EXPECT_THAT(fresh(LogId::restricted), IsEmpty());
}

}  // namespace
}  // namespace kontor
