// The promises of ports/package_store.h about lists, stars and download counts.
#include "tests/conformance/store_harness.h"

#include <gmock/gmock.h>

namespace kontor::test {

std::vector<std::string> SearchSuite::names_listed(PackageListQuery query) {
  std::vector<std::string> names;
  for (auto& listing : must(packages().list(std::move(query)))) names.push_back(listing.name);
  return names;
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PackageChange restricted(PackageChange change) {
  change.create->visibility = Visibility::restricted;
  return change;
}

TEST_P(SearchSuite, lists_packages_by_name_in_pages) {
  for (const char* name : {"delta", "alpha", "@zed/gamma", "beta"})
    apply(first_publish(name, ann_, "1.0.0", name));
  apply(with(change_of("beta"), RemoveAllVersions{}));
  auto other_format = first_publish("aaa", ann_);
  other_format.key.format = FormatId::ori;
  apply(other_format);

  EXPECT_THAT(names_listed({}), ElementsAre("@zed/gamma", "alpha", "beta", "delta"));
  PackageListQuery query;
  query.limit = 2;
  EXPECT_THAT(names_listed(query), ElementsAre("@zed/gamma", "alpha"));
  query.after = "alpha";
  EXPECT_THAT(names_listed(query), ElementsAre("beta", "delta"));
  query.after = "delta";
  EXPECT_THAT(names_listed(query), IsEmpty());

  const auto listed = must(packages().list({}));
  EXPECT_EQ(listed[1].document, search_entry("1.0.0", "alpha").document);
  EXPECT_EQ(listed[1].modified, kNoon);
  EXPECT_EQ(listed[2].document, "");
}

TEST_P(SearchSuite, lists_by_scope_owner_and_time) {
  apply(first_publish("@a/one", ann_));
  apply(first_publish("@a/two", bob_));
  apply(first_publish("@ab/three", ann_));
  auto late = with(change_of("@a/two"), SetTag{"next", "1.0.0"},
                   SetOwners{{{bob_, OwnerRole::maintainer}, {ann_, OwnerRole::reader}}});
  late.at = kNoon + seconds(60);
  apply(late);

  PackageListQuery query;
  query.scope = "a";
  EXPECT_THAT(names_listed(query), ElementsAre("@a/one", "@a/two"));
  query.after = "@a/one";
  EXPECT_THAT(names_listed(query), ElementsAre("@a/two"));

  query = {};
  query.owned_by = ann_;
  const auto owned = must(packages().list(query));
  ASSERT_EQ(owned.size(), 3u);
  EXPECT_EQ(owned[0].role, OwnerRole::maintainer);
  EXPECT_EQ(owned[1].name, "@a/two");
  EXPECT_EQ(owned[1].role, OwnerRole::reader);
  query.scope = "ab";
  EXPECT_THAT(names_listed(query), ElementsAre("@ab/three"));
  query.owned_by = UserId(777);
  EXPECT_THAT(names_listed(query), IsEmpty());

  query = {};
  query.modified_since = kNoon + seconds(60);
  EXPECT_THAT(names_listed(query), ElementsAre("@a/two"));
  query.modified_since = kNoon + seconds(61);
  EXPECT_THAT(names_listed(query), IsEmpty());
}

TEST_P(SearchSuite, lists_restricted_packages_for_their_owners_and_administrators_only) {
  apply(first_publish("beta", ann_));
  apply(restricted(first_publish("alpha", ann_)));
  apply(restricted(first_publish("gamma", bob_)));
  EXPECT_THAT(names_listed({}), ElementsAre("beta"));
  PackageListQuery query;
  query.viewer.user = ann_;
  EXPECT_THAT(names_listed(query), ElementsAre("alpha", "beta"));
  query.limit = 1;
  EXPECT_THAT(names_listed(query), ElementsAre("alpha"));
  query.limit = 1000;
  query.viewer = {std::nullopt, true};
  EXPECT_THAT(names_listed(query), ElementsAre("alpha", "beta", "gamma"));

  query = {};
  query.owned_by = ann_;
  EXPECT_THAT(names_listed(query), ElementsAre("beta"));
  query.viewer.user = bob_;
  EXPECT_THAT(names_listed(query), ElementsAre("beta"));
  query.viewer.user = ann_;
  EXPECT_THAT(names_listed(query), ElementsAre("alpha", "beta"));
}

TEST_P(SearchSuite, tells_what_a_user_has_starred_to_those_who_may_see_it) {
  apply(first_publish("beta", ann_));
  apply(restricted(first_publish("alpha", ann_)));
  apply(first_publish("unstarred", ann_));
  for (const char* name : {"beta", "alpha"}) apply(with(change_of(name), SetStar{ann_, true}));
  const auto starred = [&](Viewer viewer) {
    return must(packages().starred_by("ann", FormatId::npm, viewer));
  };
  EXPECT_THAT(starred({}), ElementsAre("beta"));
  EXPECT_THAT(starred({bob_, false}), ElementsAre("beta"));
  EXPECT_THAT(starred({ann_, false}), ElementsAre("alpha", "beta"));
  EXPECT_THAT(starred({std::nullopt, true}), ElementsAre("alpha", "beta"));
  EXPECT_THAT(must(packages().starred_by("nobody", FormatId::npm, {})), IsEmpty());
  EXPECT_THAT(must(packages().starred_by("ann", FormatId::ori, {})), IsEmpty());
}

TEST_P(SearchSuite, adds_download_counts_up) {
  apply(first_publish("pkg", ann_));
  apply(first_publish("other", ann_));
  const Day day{20'000}, next{20'001};
  must(packages().add_downloads({{key_of("pkg"), "1.0.0", day, 3},
                                 {key_of("pkg"), "2.0.0", day, 4},
                                 {key_of("other"), "1.0.0", next, 10},
                                 {key_of("absent"), "1.0.0", day, 99}}));
  must(packages().add_downloads(
      {{key_of("pkg"), "1.0.0", day, 1}, {key_of("pkg"), "1.0.0", next, 5}}));

  const auto days = [&](std::string name, Day first, Day last) {
    std::vector<std::pair<std::int32_t, std::uint64_t>> list;
    for (auto& c : must(packages().downloads(key_of(std::move(name)), first, last)))
      list.emplace_back(c.day.number, c.count);
    return list;
  };
  using testing::Pair;
  EXPECT_THAT(days("pkg", day, next), ElementsAre(Pair(20'000, 8u), Pair(20'001, 5u)));
  EXPECT_THAT(days("pkg", next, next), ElementsAre(Pair(20'001, 5u)));
  EXPECT_THAT(days("pkg", Day{0}, Day{19'999}), IsEmpty());
  EXPECT_THAT(days("absent", day, next), IsEmpty());
  EXPECT_THAT(days("", day, next), ElementsAre(Pair(20'000, 8u), Pair(20'001, 15u)));

  must(packages().add_download_records({{key_of("pkg"), "1.0.0", ann_, "192.0.2.1", kNoon},
                                        {key_of("absent"), "1.0.0", {}, "192.0.2.1", kNoon}}));

  const auto versions = must(packages().version_downloads(key_of("pkg"), day, next));
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[0].version, "1.0.0");
  EXPECT_EQ(versions[0].count, 9u);
  EXPECT_EQ(versions[1].version, "2.0.0");
  EXPECT_EQ(versions[1].count, 4u);
  EXPECT_THAT(must(packages().version_downloads(key_of("pkg"), Day{0}, Day{1})), IsEmpty());
}

TEST_P(SearchSuite, counts_downloads_of_hidden_packages_in_no_sum) {
  apply(first_publish("pkg", ann_));
  apply(creation_of("hidden", ann_, Visibility::restricted));
  const Day day{20'000};
  must(packages().add_downloads(
      {{key_of("pkg"), "1.0.0", day, 3}, {key_of("hidden"), "1.0.0", day, 5}}));
  const auto sums = must(packages().downloads(key_of(""), day, day));
  ASSERT_EQ(sums.size(), 1u);
  EXPECT_EQ(sums[0].count, 3u);
  const auto own = must(packages().downloads(key_of("hidden"), day, day));
  ASSERT_EQ(own.size(), 1u);
  EXPECT_EQ(own[0].count, 5u);
}

}  // namespace
}  // namespace kontor::test
