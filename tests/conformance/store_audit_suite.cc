// The promises of ports/store_audit.h as tests.
#include "base/sha256.h"
#include "tests/conformance/store_harness.h"

namespace kontor::test {
namespace {

VersionRecord version_of_bytes(const std::string& number, const std::string& bytes) {
  auto record = version_record(number);
  record.archive.sha256 = sha256(bytes);
  return record;
}

TEST_P(StoreAuditSuite, names_the_blobs_that_no_version_has) {
  apply(first_publish("pkg", ann_));
  apply(with(change_of("pkg"), PutVersion{version_of_bytes("2.0.0", "kept")}));
  const std::vector asked = {sha256("stray"), sha256("kept"), sha256("another")};
  EXPECT_EQ(must(audit().unreferenced(asked)), (std::vector{sha256("stray"), sha256("another")}));
  EXPECT_TRUE(must(audit().unreferenced({})).empty());
}

TEST_P(StoreAuditSuite, a_blob_of_several_versions_is_free_when_the_last_of_them_goes) {
  apply(first_publish("pkg", ann_));
  apply(with(change_of("pkg"), PutVersion{version_of_bytes("2.0.0", "shared")}));
  apply(first_publish("other", ann_));
  apply(with(change_of("other"), PutVersion{version_of_bytes("2.0.0", "shared")}));
  apply(with(change_of("pkg"), RemoveVersion{"2.0.0"}));
  EXPECT_TRUE(must(audit().unreferenced({sha256("shared")})).empty());
  apply(with(change_of("other"), RemoveVersion{"2.0.0"}));
  EXPECT_EQ(must(audit().unreferenced({sha256("shared")})).size(), 1u);
}

TEST_P(StoreAuditSuite, sees_changes_that_are_handed_over_and_not_yet_answered) {
  apply(first_publish("pkg", ann_));
  std::vector<Sha256> digests;
  std::vector<Task<AppliedChange>> changes;
  for (int i = 0; i < 50; ++i) {
    const auto text = "bytes " + std::to_string(i);
    digests.push_back(sha256(text));
    changes.push_back(packages().apply(
        with(change_of("pkg"), PutVersion{version_of_bytes("2.0." + std::to_string(i), text)})));
    changes.back().start();
  }
  EXPECT_TRUE(must(audit().unreferenced(digests)).empty());
  for (auto& change : changes) loop_.run_until([&] { return change.done(); });
}

TEST_P(StoreAuditSuite, finds_nothing_wrong_in_a_store_that_only_it_has_written) {
  apply(first_publish("pkg", ann_, "1.0.0", "a description", {"word"}));
  apply(first_publish("@ann/own", bob_));
  apply(with(change_of("pkg"),
             SetOwners{{{bob_, OwnerRole::maintainer}, {ann_, OwnerRole::reader}}},
             SetVisibility{Visibility::restricted}));
  apply(first_publish("gone", ann_));
  apply(with(change_of("gone"), RemoveAllVersions{}));
  must(packages().add_downloads({{key_of("pkg"), "1.0.0", Day{20'000}, 100}}));
  for (const auto& fault : must(audit().check())) ADD_FAILURE() << fault.text;
  must(audit().rebuild_derived());
  for (const auto& fault : must(audit().check())) ADD_FAILURE() << fault.text;
  EXPECT_EQ(load("pkg").tags.size(), 1u);
}

}  // namespace
}  // namespace kontor::test
