// What the log is told of settings and keys, and that it is told once.
#include "registry/log/log_facts.h"

#include "adapters/memory/log_store.h"
#include "base/sha256.h"
#include "tests/support/sodium_ed25519.h"
#include "tests/support/test_loop.h"

#include <gmock/gmock.h>

namespace kontor {
namespace {

using testing::ElementsAre;

constexpr Timestamp kNow{1'760'000'000'000};

struct LogFacts : testing::Test {
  std::uint32_t told(Task<std::uint32_t> task) { return loop.run(std::move(task)).value(); }
  // Of the public log, without their last line.
  std::vector<std::string> leaves() {
    std::vector<std::string> out;
    for (const Bytes& leaf : *loop.run(store.entries(LogId::open, 0, 100)))
      out.push_back(leaf.substr(0, leaf.find("\ntime ")));
    return out;
  }
  memory::Database database;
  memory::LogStore store{database};
  test::TestLoop loop;
};

TEST_F(LogFacts, the_rules_are_told_once_and_each_change_of_one) {
  Settings settings;
  const auto all = told(tell_policy(store, kNow, settings));
  EXPECT_GT(all, 5u);
  EXPECT_EQ(told(tell_policy(store, kNow, settings)), 0u);
  settings.policy.read_only = true;
  EXPECT_EQ(told(tell_policy(store, kNow, settings)), 1u);
  EXPECT_EQ(leaves().back(),
            "pkglog/v1 policy\npackage -\nsetting read_only\nbefore false\nafter true\n"
            "by system job:settings");
  EXPECT_EQ(database.audit.size(), all + 1u);
  EXPECT_EQ(database.audit.back().entry.target, "policy:read_only");
}

TEST_F(LogFacts, speeds_and_sizes_are_no_rules) {
  Settings settings;
  told(tell_policy(store, kNow, settings));
  settings.read.cache_bytes = 1;
  settings.publish.max_tarball_bytes = 1;
  EXPECT_EQ(told(tell_policy(store, kNow, settings)), 0u);
}

TEST_F(LogFacts, a_key_is_told_when_it_comes_and_when_it_gets_an_end) {
  RegistryKey key{"npm", "SHA256:x", sha256("key"), std::nullopt};
  EXPECT_EQ(told(tell_keys(store, kNow, {key})), 1u);
  EXPECT_EQ(told(tell_keys(store, kNow, {key})), 0u);
  key.expires = kNow + days(30);
  EXPECT_EQ(told(tell_keys(store, kNow, {key})), 1u);
  EXPECT_THAT(leaves(), ElementsAre("pkglog/v1 key\nuse npm\nkey SHA256%3Ax\nsha256 " +
                                        sha256("key").hex() + "\nexpires -\nby system job:keys",
                                    "pkglog/v1 key\nuse npm\nkey SHA256%3Ax\nsha256 " +
                                        sha256("key").hex() +
                                        "\nexpires 1762592000\nby system job:keys"));
}

TEST_F(LogFacts, a_log_has_its_own_key_as_clients_know_it) {
  const tlog::testing::Signer signer("registry.example/log/public", tlog::SignatureType::ed25519,
                                     "a phrase");
  const auto key = registry_key(LogId::open, signer.key());
  const std::string vkey = tlog::print_vkey(signer.key());
  EXPECT_EQ(key.use, "log_public");
  EXPECT_TRUE(vkey.starts_with(key.id + "+"));
  const Bytes prefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
  EXPECT_EQ(key.sha256, sha256(prefix + Bytes(signer.key().public_key.view())));
}

}  // namespace
}  // namespace kontor
