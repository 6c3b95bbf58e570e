#pragma once
// The signing keys of a server, in its own process.
#include "apps/server/signing/log_signer.h"
#include "ports/signer.h"

#include <map>
#include <memory>
#include <mutex>

namespace kontor::signing {

// Outlives the signers that stand on it. Any thread.
class KeyRing {
 public:
  // Reads the keys below `folder`, made where they are missing. `host` stands before "/log/<name>"
  // in the origins of new keys; keys that are there keep theirs.
  static Result<std::unique_ptr<KeyRing>> open(std::string folder, const std::string& host,
                                               Entropy& entropy);

  std::vector<tlog::NoteKey> log_keys(LogId log);
  std::optional<tlog::Head> signed_head(LogId log);
  Result<Bytes> sign_checkpoint(LogId log, const tlog::Head& head, const tlog::Proof& proof);

 private:
  KeyRing() = default;
  std::mutex mutex_;
  std::map<LogId, std::unique_ptr<LogSigner>> logs_;
};

// The port of one loop. Tasks finish inline; signing a checkpoint waits for the disk.
class LocalSigner final : public Signer {
 public:
  explicit LocalSigner(KeyRing& keys) : keys_(keys) {}
  Task<std::vector<tlog::NoteKey>> log_keys(LogId log) override { co_return keys_.log_keys(log); }
  Task<std::optional<tlog::Head>> signed_head(LogId log) override {
    co_return keys_.signed_head(log);
  }
  Task<Bytes> sign_checkpoint(LogId log, tlog::Head head, tlog::Proof proof) override {
    co_return keys_.sign_checkpoint(log, head, proof);
  }

 private:
  KeyRing& keys_;
};

}  // namespace kontor::signing
