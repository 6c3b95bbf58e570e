// The publish pipeline against races and failures, on in-memory stores.
#include "registry/publish.h"

#include "registry/package_changes.h"
#include "registry/unpublish.h"
#include "tests/support/account_world.h"
#include "tests/support/forwarding_package_store.h"
#include "tests/support/package_builders.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

const Format kPlain = {
    .id = FormatId::npm,
    .comes_before = [](const std::string& a, const std::string& b) { return a < b; },
    .is_stable = [](const std::string& v) { return v.find('-') == v.npos; },
    .search_entry = [](const VersionRecord& v) { return test::search_entry(v.version); },
    .deprecation_of = [](const std::string&) { return std::string(); },
    .with_deprecation = [](const std::string& fragment,
                           const std::string& text) { return fragment + "!" + text; },
    .abbreviated_of = [](const std::string&, const std::string& manifest) { return manifest; },
    .contradiction_in = [](const std::string&, const VersionRecord&) { return std::string(); },
};

// Runs something once, right before the first changes reach the store.
class Interfering final : public test::ForwardingPackageStore {
 public:
  using ForwardingPackageStore::ForwardingPackageStore;
  Task<AppliedChange> apply(PackageChange change) override {
    ++applied;
    if (before.empty()) return ForwardingPackageStore::apply(std::move(change));
    auto next = std::move(before.front());
    before.erase(before.begin());
    next();
    return ForwardingPackageStore::apply(std::move(change));
  }
  std::vector<std::function<void()>> before;
  int applied = 0;
};

class PublishTest : public testing::Test {
 protected:
  PublishTest() {
    for (const auto* name : {"alice", "bob"}) world.add_user(name, "long password");
    world.add_user("root", "long password", true);
  }

  Publication publication(const std::string& version, const std::string& bytes,
                          const std::string& name = "pkg") {
    Publication out{.key = {FormatId::npm, name}};
    out.version = test::version_record(version, name);
    out.tags = {"latest"};
    out.search = test::search_entry(version);
    auto writer = world.run(world.blobs.stage());
    EXPECT_TRUE(world.run((*writer)->append(bytes)));
    out.version.archive = *world.run((*writer)->seal());
    writer_ = std::move(*writer);
    return out;
  }
  Result<Published> publish_as(const std::string& user, Publication wanted,
                               Registry* registry = nullptr) {
    return world.run(publish(registry ? *registry : world.registry, test::kTestFormat,
                             world.actor(user), std::move(wanted), std::move(writer_)));
  }
  std::optional<PackageRecord> stored(const std::string& name = "pkg") {
    return *world.run(world.packages.find({FormatId::npm, name}));
  }
  Registry over(PackageStore& packages) {
    const Registry& r = world.registry;
    return {packages,    r.accounts,   r.blobs,     r.clock,       r.entropy,   r.passwords,
            r.secrets,   r.failures,   r.observer,  r.credentials, r.documents, r.answers,
            r.downloads, r.advisories, r.processor, r.rates,       r.settings};
  }

  test::AccountWorld world;
  std::unique_ptr<BlobWriter> writer_;
};

TEST_F(PublishTest, of_a_new_name_makes_the_caller_its_owner) {
  const auto done = publish_as("alice", publication("1.0.0", "one"));
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->repeated);
  const auto package = stored();
  ASSERT_EQ(package->owners.size(), 1u);
  EXPECT_EQ(package->owners[0].name, "alice");
  EXPECT_EQ(package->tags.at("latest"), "1.0.0");
  EXPECT_EQ(world.blobs.count(), 1u);
  EXPECT_EQ(world.audited().back(), "publish");
}

TEST_F(PublishTest, sets_latest_on_the_first_publish_whatever_tag_it_asks_for) {
  auto first = publication("1.0.0-beta", "one");
  first.tags = {"beta"};
  ASSERT_TRUE(publish_as("alice", std::move(first)));
  EXPECT_EQ(stored()->tags,
            (std::map<std::string, std::string>{{"beta", "1.0.0-beta"}, {"latest", "1.0.0-beta"}}));
  auto second = publication("2.0.0-beta", "two");
  second.tags = {"beta"};
  ASSERT_TRUE(publish_as("alice", std::move(second)));
  EXPECT_EQ(stored()->tags.at("latest"), "1.0.0-beta");
}

TEST_F(PublishTest, by_others_is_refused_before_the_bytes_are_kept) {
  ASSERT_TRUE(publish_as("alice", publication("1.0.0", "one")));
  const auto refused = publish_as("bob", publication("1.1.0", "two"));
  EXPECT_EQ(refused.error().code, Code::forbidden);
  EXPECT_EQ(world.blobs.count(), 1u);
  EXPECT_EQ(stored()->revision, 1u);
}

TEST_F(PublishTest, of_the_same_bytes_again_succeeds_and_changes_nothing) {
  ASSERT_TRUE(publish_as("alice", publication("1.0.0", "one")));
  const auto audited = world.audited();
  const auto again = publish_as("alice", publication("1.0.0", "one"));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(stored()->revision, 1u);
  EXPECT_EQ(world.audited(), audited);
}

TEST_F(PublishTest, of_other_bytes_under_the_same_version_is_refused) {
  ASSERT_TRUE(publish_as("alice", publication("1.0.0", "one")));
  const auto refused = publish_as("alice", publication("1.0.0", "two"));
  EXPECT_EQ(refused.error().code, Code::version_exists);
  EXPECT_EQ(refused.error().detail,
            "You cannot publish over the previously published versions: 1.0.0.");
  EXPECT_EQ(world.blobs.count(), 1u);
}

TEST_F(PublishTest, overtaken_by_another_version_succeeds_too) {
  ASSERT_TRUE(publish_as("alice", publication("1.0.0", "one")));
  Interfering packages(world.packages);
  Registry registry = over(packages);
  packages.before.push_back([&] {
    auto kept = std::move(writer_);
    EXPECT_TRUE(publish_as("alice", publication("1.1.0", "two")));
    writer_ = std::move(kept);
  });
  ASSERT_TRUE(publish_as("alice", publication("1.2.0", "three"), &registry));
  EXPECT_EQ(packages.applied, 1);  // a publish does not stand in another's way
  EXPECT_EQ(stored()->tags.at("latest"), "1.2.0");
  EXPECT_EQ(world.run(world.packages.fragments(stored()->id, FragmentKind::manifest))->size(), 3u);
}

TEST_F(PublishTest, under_another_tag_sets_latest_where_the_last_version_goes_meanwhile) {
  ASSERT_TRUE(publish_as("alice", publication("1.0.0", "one")));
  Interfering packages(world.packages);
  Registry registry = over(packages);
  packages.before.push_back([&] {
    PackageChange change{.key = {FormatId::npm, "pkg"}};
    change.ops.push_back(RemoveAllVersions{});
    EXPECT_TRUE(world.run(world.packages.apply(std::move(change))));
  });
  auto wanted = publication("2.0.0", "two");
  wanted.tags = {"next"};
  ASSERT_TRUE(publish_as("alice", std::move(wanted), &registry));
  EXPECT_EQ(packages.applied, 2);
  EXPECT_EQ(stored()->tags,
            (std::map<std::string, std::string>{{"latest", "2.0.0"}, {"next", "2.0.0"}}));
}

TEST_F(PublishTest, overtaken_by_the_same_version_is_judged_by_its_bytes) {
  for (const auto* other : {"same", "other"}) {
    SCOPED_TRACE(other);
    const std::string name = std::string("pkg-") + other;
    Interfering packages(world.packages);
    Registry registry = over(packages);
    packages.before.push_back(
        [&] { EXPECT_TRUE(publish_as("alice", publication("1.0.0", other, name))); });
    const auto result = publish_as("alice", publication("1.0.0", "same", name), &registry);
    if (std::string(other) == "same") {
      ASSERT_TRUE(result);
      EXPECT_TRUE(result->repeated);
    } else {
      EXPECT_EQ(result.error().code, Code::version_exists);
    }
    EXPECT_EQ(stored(name)->revision, 1u);
  }
}

TEST_F(PublishTest, by_an_owner_removed_meanwhile_is_refused) {
  ASSERT_TRUE(publish_as("alice", publication("1.0.0", "one")));
  Interfering packages(world.packages);
  Registry registry = over(packages);
  packages.before.push_back([&] {
    EXPECT_TRUE(world.run(set_maintainers(world.registry, world.actor("root"),
                                          {FormatId::npm, "pkg"}, {"bob"}, std::nullopt)));
  });
  const auto refused = publish_as("alice", publication("1.1.0", "two"), &registry);
  EXPECT_EQ(refused.error().code, Code::forbidden);
  EXPECT_FALSE(*world.run(world.packages.find_version(stored()->id, "1.1.0")));
}

TEST_F(PublishTest, gives_up_when_it_is_always_overtaken) {
  ASSERT_TRUE(publish_as("alice", publication("1.0.0", "one")));
  Interfering packages(world.packages);
  Registry registry = over(packages);
  for (int i = 0; i < 10; ++i)
    packages.before.push_back([&, i] {
      EXPECT_TRUE(
          world.run(set_visibility(world.registry, world.actor("root"), {FormatId::npm, "pkg"},
                                   i % 2 ? Visibility::open : Visibility::restricted)));
    });
  const auto refused = publish_as("alice", publication("1.1.0", "two"), &registry);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_EQ(packages.applied, 8);
}

TEST_F(PublishTest, of_a_similar_new_name_is_for_administrators) {
  auto first = publication("1.0.0", "one", "lodash");
  first.collision_key = "lodash";
  ASSERT_TRUE(publish_as("alice", std::move(first)));
  const auto similar = [&] {
    auto out = publication("1.0.0", "two", "lo-dash");
    out.collision_key = "lodash";
    return out;
  };
  const auto refused = publish_as("bob", similar());
  EXPECT_EQ(refused.error().code, Code::reserved_name);
  EXPECT_NE(refused.error().detail.find("lodash"), std::string::npos);
  EXPECT_FALSE(stored("lo-dash"));
  EXPECT_TRUE(publish_as("root", similar()));
}

TEST_F(PublishTest, does_not_name_a_similar_package_that_is_hidden) {
  auto first = publication("1.0.0", "one", "lodash");
  first.collision_key = "lodash";
  first.visibility = Visibility::restricted;
  ASSERT_TRUE(publish_as("alice", std::move(first)));
  auto similar = publication("1.0.0", "two", "lo-dash");
  similar.collision_key = "lodash";
  const auto refused = publish_as("bob", std::move(similar));
  EXPECT_EQ(refused.error().code, Code::reserved_name);
  EXPECT_EQ(refused.error().detail.find("lodash"), std::string::npos);
}

TEST_F(PublishTest, of_similar_names_is_allowed_where_the_settings_say_so) {
  world.change_settings([](Settings& s) { s.publish.refuse_collisions = false; });
  for (const auto* name : {"lodash", "lo-dash"}) {
    auto wanted = publication("1.0.0", name, name);
    wanted.collision_key = "lodash";
    EXPECT_TRUE(publish_as("alice", std::move(wanted)));
  }
}

TEST_F(PublishTest, into_the_scope_of_another_user_is_refused) {
  auto wanted = publication("1.0.0", "one", "@alice/x");
  wanted.scope = "alice";
  EXPECT_EQ(publish_as("bob", std::move(wanted)).error().code, Code::forbidden);
  wanted = publication("1.0.0", "one", "@alice/x");
  wanted.scope = "alice";
  EXPECT_TRUE(publish_as("alice", std::move(wanted)));
  wanted = publication("1.0.0", "one", "@nobody/x");
  wanted.scope = "nobody";
  EXPECT_TRUE(publish_as("bob", std::move(wanted)));
}

TEST_F(PublishTest, makes_new_packages_as_visible_as_wanted_or_configured) {
  world.change_settings(
      [](Settings& s) { s.publish.new_package_visibility = Visibility::restricted; });
  ASSERT_TRUE(publish_as("alice", publication("1.0.0", "one", "a")));
  EXPECT_EQ(stored("a")->visibility, Visibility::restricted);
  auto open = publication("1.0.0", "two", "b");
  open.visibility = Visibility::open;
  ASSERT_TRUE(publish_as("alice", std::move(open)));
  EXPECT_EQ(stored("b")->visibility, Visibility::open);
  auto again = publication("1.1.0", "three", "a");  // says nothing about a package that is there
  again.visibility = Visibility::open;
  ASSERT_TRUE(publish_as("alice", std::move(again)));
  EXPECT_EQ(stored("a")->visibility, Visibility::restricted);
}

// --- unpublish --------------------------------------------------------------------------------

class UnpublishTest : public PublishTest {
 protected:
  UnpublishTest() {
    for (const auto* version : {"1.0.0", "1.1.0", "2.0.0-rc"}) {
      auto wanted = publication(version, version);
      wanted.tags = {std::string(version) == "2.0.0-rc" ? "next" : "latest"};
      EXPECT_TRUE(publish_as("alice", std::move(wanted)));
    }
  }
  Result<AppliedChange> remove_as(const std::string& user, std::set<std::string> versions) {
    return world.run(unpublish_versions(world.registry, kPlain, world.actor(user),
                                        {FormatId::npm, "pkg"}, std::move(versions), {}));
  }
};

TEST_F(UnpublishTest, moves_latest_to_the_highest_stable_version_that_stays) {
  ASSERT_TRUE(remove_as("alice", {"1.1.0"}));
  EXPECT_EQ(stored()->tags,
            (std::map<std::string, std::string>{{"latest", "1.0.0"}, {"next", "2.0.0-rc"}}));
  ASSERT_TRUE(remove_as("alice", {"1.0.0"}));
  EXPECT_EQ(stored()->tags.at("latest"), "2.0.0-rc");
}

TEST_F(UnpublishTest, drops_other_tags_of_a_version_that_goes) {
  ASSERT_TRUE(remove_as("alice", {"2.0.0-rc"}));
  EXPECT_EQ(stored()->tags, (std::map<std::string, std::string>{{"latest", "1.1.0"}}));
  EXPECT_TRUE(*world.run(world.packages.is_tombstoned(stored()->id, "2.0.0-rc")));
}

TEST_F(UnpublishTest, of_the_last_version_is_that_of_the_package) {
  ASSERT_TRUE(remove_as("alice", {"1.0.0", "1.1.0", "2.0.0-rc"}));
  EXPECT_TRUE(stored()->unpublished);
  EXPECT_TRUE(stored()->tags.empty());
  EXPECT_EQ(stored()->owners.size(), 1u);
}

TEST_F(UnpublishTest, of_an_unknown_version_changes_nothing) {
  const auto before = stored()->revision;
  EXPECT_EQ(remove_as("alice", {"1.0.0", "9.9.9"}).error().code, Code::version_not_found);
  EXPECT_EQ(stored()->revision, before);
}

TEST_F(UnpublishTest, ends_with_its_window_but_for_administrators) {
  world.clock.advance(hours(72));
  ASSERT_TRUE(remove_as("alice", {"2.0.0-rc"}));
  world.clock.advance(hours(1));
  EXPECT_EQ(remove_as("alice", {"1.1.0"}).error().code, Code::unpublish_refused);
  EXPECT_EQ(stored()->tags.at("latest"), "1.1.0");
  EXPECT_TRUE(remove_as("root", {"1.1.0"}));
  world.change_settings([](Settings& s) { s.publish.unpublish_max_age_hours = -1; });
  EXPECT_TRUE(remove_as("alice", {"1.0.0"}));
}

TEST_F(UnpublishTest, can_be_forbidden_altogether) {
  world.change_settings([](Settings& s) { s.publish.unpublish_max_age_hours = 0; });
  EXPECT_EQ(remove_as("alice", {"1.1.0"}).error().code, Code::unpublish_refused);
}

TEST_F(UnpublishTest, by_others_is_refused) {
  EXPECT_EQ(remove_as("bob", {"1.1.0"}).error().code, Code::forbidden);
  EXPECT_EQ(world
                .run(unpublish_package(world.registry, kPlain, world.actor("bob"),
                                       {FormatId::npm, "pkg"}, {}))
                .error()
                .code,
            Code::forbidden);
}

TEST_F(UnpublishTest, at_an_old_revision_is_a_conflict) {
  const auto result = world.run(unpublish_package(world.registry, kPlain, world.actor("alice"),
                                                  {FormatId::npm, "pkg"}, stored()->revision - 1));
  EXPECT_EQ(result.error().code, Code::conflict);
  EXPECT_FALSE(stored()->unpublished);
}

TEST_F(UnpublishTest, tag_changes_are_tried_again_when_overtaken) {
  Interfering packages(world.packages);
  Registry registry = over(packages);
  packages.before.push_back([&] { EXPECT_TRUE(remove_as("alice", {"2.0.0-rc"})); });
  TagChange tags{.set = {{"stable", "1.0.0"}}};
  ASSERT_TRUE(
      world.run(change_tags(registry, kPlain, world.actor("alice"), {FormatId::npm, "pkg"}, tags)));
  EXPECT_EQ(packages.applied, 2);
  EXPECT_EQ(stored()->tags.at("stable"), "1.0.0");
}

}  // namespace
}  // namespace kontor
