// The operating system's side of the small ports, and the failure counter that loops share.
#include "adapters/system/argon2_hasher.h"
#include "adapters/system/shared_failure_counter.h"
#include "adapters/system/shared_health_log.h"
#include "adapters/system/sodium_ed25519.h"
#include "adapters/system/sodium_secret_box.h"
#include "adapters/system/system_clock.h"
#include "adapters/system/system_entropy.h"
#include "adapters/system/thread_workers.h"
#include "tests/conformance/failure_counter_suite.h"

#include <atomic>

namespace kontor::host {
namespace {

std::unique_ptr<FailureCounter> make_counter() {
  return std::make_unique<SharedFailureCounter>(
      FailureLimits{.failures = 3, .window = seconds(60)});
}
using test::FailureCounterSuite;
INSTANTIATE_TEST_SUITE_P(Shared, FailureCounterSuite, testing::Values(&make_counter));

TEST(SystemEntropy, never_repeats_itself) {
  SystemEntropy entropy;
  EXPECT_EQ(entropy.bytes(0).size(), 0u);
  EXPECT_EQ(entropy.bytes(1000).size(), 1000u);
  EXPECT_NE(entropy.bytes(16), entropy.bytes(16));
}

// RFC 8032, section 7.1, test 2.
TEST(SodiumEd25519, signs_and_verifies_as_the_standard_does) {
  std::array<std::uint8_t, Ed25519Key::kSeedBytes> seed{};
  const auto secret = *from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  std::copy(secret.begin(), secret.end(), seed.begin());
  const Ed25519Key key(seed);
  EXPECT_EQ(key.public_key().hex(),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  auto signature = key.sign("\x72");
  EXPECT_EQ(signature.hex(),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  const SodiumEd25519 ed25519;
  EXPECT_TRUE(ed25519.verify(key.public_key(), "\x72", signature));
  EXPECT_FALSE(ed25519.verify(key.public_key(), "\x73", signature));
  signature.bytes[0] ^= 1;
  EXPECT_FALSE(ed25519.verify(key.public_key(), "\x72", signature));
}

TEST(SodiumSecretBox, opens_with_the_same_key_and_context_only) {
  SystemEntropy entropy;
  const Bytes key = entropy.bytes(SodiumSecretBox::kKeyBytes);
  SodiumSecretBox box(key);
  const Bytes sealed = box.seal("a secret", "totp:alice");
  EXPECT_EQ(sealed.find("a secret"), Bytes::npos);
  EXPECT_NE(box.seal("a secret", "totp:alice"), sealed) << "each box has a nonce of its own";
  EXPECT_EQ(SodiumSecretBox(key).open(sealed, "totp:alice"), "a secret");
  EXPECT_EQ(box.open(box.seal("", ""), ""), "");

  EXPECT_FALSE(box.open(sealed, "totp:bob"));
  EXPECT_FALSE(SodiumSecretBox(entropy.bytes(32)).open(sealed, "totp:alice"));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes altered = sealed;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(box.open(altered, "totp:alice")) << i;
    EXPECT_FALSE(box.open(sealed.substr(0, i), "totp:alice")) << i;
  }
}

TEST(SharedHealthLog, keeps_the_newest_rounds_only) {
  SharedHealthLog log(2);
  EXPECT_TRUE(log.rounds().empty());
  for (int i = 1; i <= 3; ++i) log.add({{i}, {{"/health", 200, i}}});
  const auto rounds = log.rounds();
  ASSERT_EQ(rounds.size(), 2u);
  EXPECT_EQ(rounds[0].at, Timestamp{3});
  EXPECT_EQ(rounds[1].at, Timestamp{2});
}

TEST(ThreadWorkers, runs_all_work_and_refuses_beyond_its_queue) {
  std::atomic<int> ran = 0;
  std::mutex gate;
  gate.lock();
  {
    ThreadWorkers workers(1, 2);
    std::atomic<bool> started = false;
    ASSERT_TRUE(workers.submit([&] {
      started = true;
      const std::lock_guard wait(gate);
      ++ran;
    }));
    while (!started) std::this_thread::yield();
    ASSERT_TRUE(workers.submit([&] { ++ran; }));
    ASSERT_TRUE(workers.submit([&] { ++ran; }));
    EXPECT_FALSE(workers.submit([&] { ++ran; }));
    gate.unlock();
    while (ran < 3) std::this_thread::yield();
  }
  EXPECT_EQ(ran, 3);
}

TEST(Argon2Hasher, verifies_only_the_right_password) {
  test::TestLoop loop;
  ThreadWorkers workers(1, 8);
  Argon2Hasher hasher(workers, loop);
  const auto phc = loop.run(hasher.hash("correct horse"));
  ASSERT_TRUE(phc);
  EXPECT_TRUE(phc->starts_with("$argon2id$v=19$m=65536,t=3,p=1$")) << *phc;
  EXPECT_EQ(loop.run(hasher.verify(*phc, "correct horse")), true);
  EXPECT_EQ(loop.run(hasher.verify(*phc, "correct horsf")), false);
  EXPECT_EQ(loop.run(hasher.verify("", "correct horse")), false);
  EXPECT_EQ(loop.run(hasher.verify("no hash at all", "x")), false);
  EXPECT_FALSE(hasher.outdated(*phc));
  EXPECT_TRUE(hasher.outdated("$argon2id$v=19$m=4096,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAA"));
}

TEST(Argon2Hasher, says_unavailable_when_too_many_wait) {
  test::TestLoop loop;
  ThreadWorkers none(0, 0);
  Argon2Hasher hasher(none, loop);
  EXPECT_EQ(loop.run(hasher.hash("x")).error().code, Code::unavailable);
}

}  // namespace
}  // namespace kontor::host
