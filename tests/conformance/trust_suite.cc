// The promises of ports/package_store.h about what makes versions believed: bundles that came with
// them, and the registry's own signature.
#include "tests/conformance/store_harness.h"

#include <gmock/gmock.h>

namespace kontor::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(PackageStoreSuite, keeps_attestations_as_long_as_their_version) {
  const std::vector<Attestation> two = {{"https://a.example/1", "{\"a\":\"\u00e9\"}"}, {"b", "{}"}};
  auto change =
      with(creation_of("pkg", ann_), PutVersion{version_record("1.0.0"), two},
           PutVersion{version_record("2.0.0"), {two[1]}}, PutVersion{version_record("3.0.0")});
  const auto id = apply(change).id;
  EXPECT_EQ(must(packages().attestations(id, "1.0.0")), two);
  EXPECT_THAT(must(packages().attestations(id, "3.0.0")), IsEmpty());
  EXPECT_THAT(must(packages().attestations(id, "9.0.0")), IsEmpty());
  apply(with(change_of("pkg"), RemoveVersion{"1.0.0"}));
  EXPECT_THAT(must(packages().attestations(id, "1.0.0")), IsEmpty());
  EXPECT_THAT(must(packages().attestations(id, "2.0.0")), ElementsAre(two[1]));
  apply(with(change_of("pkg"), RemoveAllVersions{}));
  EXPECT_THAT(must(packages().attestations(id, "2.0.0")), IsEmpty());
}

TEST_P(PackageStoreSuite, lists_versions_until_they_are_signed) {
  auto lacking = [](std::string number) {
    auto record = version_record(std::move(number));
    record.lacks_signature = true;
    return PutVersion{std::move(record)};
  };
  apply(with(creation_of("pkg", ann_), lacking("1.0.0"), PutVersion{version_record("1.1.0")},
             lacking("1.2.0")));
  apply(with(creation_of("qkg", ann_), lacking("1.0.0")));
  const VersionName first{key_of("pkg"), "1.0.0"}, second{key_of("pkg"), "1.2.0"},
      third{key_of("qkg"), "1.0.0"};
  EXPECT_THAT(must(packages().unsigned_versions(10)), ElementsAre(first, second, third));
  EXPECT_THAT(must(packages().unsigned_versions(1)), ElementsAre(first));
  apply(with(change_of("pkg"), UpdateVersion{"1.0.0", "m", "a", "", true},
             UpdateVersion{"1.2.0", "m", "a", "deprecated"}));
  EXPECT_THAT(must(packages().unsigned_versions(10)), ElementsAre(second, third));
}

}  // namespace
}  // namespace kontor::test
