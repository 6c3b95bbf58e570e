#pragma once
// The signing keys of a server, all in one process.
#include "adapters/system/system_clock.h"
#include "apps/server/signing/log_signer.h"
#include "apps/server/signing/release_keys.h"
#include "apps/server/signing/signers.h"

#include <map>
#include <memory>
#include <mutex>

namespace kontor::signing {

// Outlives the signers that stand on it. Any thread.
class KeyRing {
 public:
  // Reads the keys below `folder`, made where they are missing. `host` stands before "/log/<name>"
  // in the origins of new keys; keys that are there keep theirs. `entropy` outlives the ring.
  static Result<std::unique_ptr<KeyRing>> open(std::string folder, const std::string& host,
                                               Entropy& entropy);

  std::vector<tlog::NoteKey> log_keys(LogId log);
  std::optional<tlog::Head> signed_head(LogId log);
  Result<Bytes> sign_checkpoint(LogId log, const tlog::Head& head, const tlog::Proof& proof);
  std::vector<RetiredLogKey> retired_log_keys(LogId log);
  Result<tlog::NoteKey> rotate_log_key(LogId log);
  Result<std::vector<RetiredLogKey>> retire_log_keys(LogId log, Timestamp now);
  ReleaseKeys& releases() { return *releases_; }

 private:
  explicit KeyRing(Entropy& entropy) : entropy_(entropy) {}
  Entropy& entropy_;
  std::mutex mutex_;
  std::map<LogId, std::unique_ptr<LogSigner>> logs_;
  std::unique_ptr<ReleaseKeys> releases_;
};

// The ports of one loop, with the keys in its own process. Tasks finish inline; signing a
// checkpoint and rotating wait for the disk.
class LocalSigner final : public Signers {
 public:
  explicit LocalSigner(KeyRing& keys) : keys_(keys) {}
  Task<std::vector<tlog::NoteKey>> log_keys(LogId log) override { co_return keys_.log_keys(log); }
  Task<std::optional<tlog::Head>> signed_head(LogId log) override {
    co_return keys_.signed_head(log);
  }
  Task<Bytes> sign_checkpoint(LogId log, tlog::Head head, tlog::Proof proof) override {
    co_return keys_.sign_checkpoint(log, head, proof);
  }
  Task<std::vector<RetiredLogKey>> retired_log_keys(LogId log) override {
    co_return keys_.retired_log_keys(log);
  }
  Task<tlog::NoteKey> rotate_log_key(LogId log) override { co_return keys_.rotate_log_key(log); }
  Task<std::vector<RetiredLogKey>> retire_log_keys(LogId log) override {
    co_return keys_.retire_log_keys(log, host::SystemClock().now());
  }
  Task<std::vector<ReleaseKey>> release_keys() override { co_return keys_.releases().keys(); }
  Task<ReleaseSignature> sign_release(Release release) override {
    co_return keys_.releases().sign(release);
  }
  Task<ReleaseKey> rotate_release_key() override {
    co_return keys_.releases().rotate(host::SystemClock().now());
  }

 private:
  KeyRing& keys_;
};

}  // namespace kontor::signing
