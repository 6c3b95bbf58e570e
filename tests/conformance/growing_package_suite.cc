// The promises of ports/package_store.h about packages that grow: reading them in pages.
#include "tests/conformance/store_harness.h"

#include <gmock/gmock.h>

namespace kontor::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(PackageStoreSuite, reads_fragments_in_pages_that_join) {
  const auto id = apply(first_publish("pkg", ann_, "1.0.0")).id;
  apply(first_publish("another", ann_, "7.0.0"));
  for (const char* number : {"2.0.0", "3.0.0", "4.0.0", "5.0.0"})
    apply(with(change_of("pkg"), PutVersion{version_record(number)}));
  const auto page = [&](std::uint64_t after, FragmentLimits limits) {
    return must(packages().fragment_page(id, FragmentKind::manifest, after, limits));
  };
  const auto numbers = [](const FragmentPage& page) {
    std::vector<std::string> out;
    for (const auto& fragment : page.fragments) out.push_back(fragment.version);
    return out;
  };
  const auto first = page(0, {.count = 2}), second = page(first.next, {.count = 2}),
             third = page(second.next, {.count = 2});
  EXPECT_THAT(numbers(first), ElementsAre("1.0.0", "2.0.0"));
  EXPECT_THAT(numbers(second), ElementsAre("3.0.0", "4.0.0"));
  EXPECT_THAT(numbers(third), ElementsAre("5.0.0"));
  EXPECT_TRUE(first.full);
  EXPECT_FALSE(third.full);
  EXPECT_EQ(first.fragments[1].fragment, version_record("2.0.0").manifest);
  EXPECT_THAT(numbers(page(third.next, {})), IsEmpty());

  const auto bytes = version_record("1.0.0").manifest.size();
  EXPECT_THAT(numbers(page(0, {.bytes = bytes + 1})), ElementsAre("1.0.0", "2.0.0"));
  EXPECT_THAT(numbers(page(0, {.bytes = 1})), ElementsAre("1.0.0"));

  apply(with(change_of("pkg"), PutVersion{version_record("6.0.0")}));
  EXPECT_THAT(numbers(page(third.next, {})), ElementsAre("6.0.0"));
  EXPECT_THAT(numbers(page(second.next, {})), ElementsAre("5.0.0", "6.0.0"));
}

TEST_P(PackageStoreSuite, tells_growing_from_rewriting) {
  apply(first_publish("pkg", ann_, "1.0.0"));
  const auto rewritten = [&] { return load("pkg").rewritten; };
  const auto none = rewritten();
  apply(with(change_of("pkg"), PutVersion{version_record("2.0.0")}, SetTag{"next", "2.0.0"}));
  apply(with(change_of("pkg"), SetVisibility{Visibility::restricted}, SetStar{bob_, true}));
  EXPECT_EQ(rewritten(), none);
  apply(with(change_of("pkg"), UpdateVersion{"1.0.0", "m", "a", "old"}));
  EXPECT_EQ(rewritten(), load("pkg").revision);
  apply(with(change_of("pkg"), PutVersion{version_record("3.0.0")}));
  const auto updated = rewritten();
  EXPECT_LT(updated, load("pkg").revision);
  apply(with(change_of("pkg"), RemoveVersion{"1.0.0"}));
  EXPECT_GT(rewritten(), updated);
  const auto removed = rewritten();
  apply(with(change_of("pkg"), RemoveAllVersions{}));
  EXPECT_GT(rewritten(), removed);
}

}  // namespace
}  // namespace kontor::test
