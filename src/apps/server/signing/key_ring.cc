// One lock: a head is compared, written and signed as one step.
#include "apps/server/signing/key_ring.h"

namespace kontor::signing {

Result<std::unique_ptr<KeyRing>> KeyRing::open(std::string folder, const std::string& host,
                                               Entropy& entropy) {
  const auto files = KeyFolder::open(std::move(folder));
  if (!files) return std::unexpected(files.error());
  std::unique_ptr<KeyRing> ring(new KeyRing(entropy));
  for (const LogId log : kLogs) {
    const std::string origin = host + "/log/" + std::string(to_string(log));
    auto signer = LogSigner::open(*files, log, origin, entropy);
    if (!signer) return fail(signer);
    ring->logs_.emplace(log, std::move(*signer));
  }
  auto releases = ReleaseKeys::open(*files);
  if (!releases) return fail(releases);
  ring->releases_ = std::move(*releases);
  return ring;
}

std::vector<tlog::NoteKey> KeyRing::log_keys(LogId log) {
  const std::scoped_lock lock(mutex_);
  return logs_.at(log)->keys();
}

std::optional<tlog::Head> KeyRing::signed_head(LogId log) {
  const std::scoped_lock lock(mutex_);
  return logs_.at(log)->head();
}

Result<Bytes> KeyRing::sign_checkpoint(LogId log, const tlog::Head& head,
                                       const tlog::Proof& proof) {
  const std::scoped_lock lock(mutex_);
  return logs_.at(log)->sign(head, proof);
}

std::vector<RetiredLogKey> KeyRing::retired_log_keys(LogId log) {
  const std::scoped_lock lock(mutex_);
  return logs_.at(log)->retired();
}

Result<tlog::NoteKey> KeyRing::rotate_log_key(LogId log) {
  const std::scoped_lock lock(mutex_);
  return logs_.at(log)->rotate(entropy_);
}

Result<std::vector<RetiredLogKey>> KeyRing::retire_log_keys(LogId log, Timestamp now) {
  const std::scoped_lock lock(mutex_);
  return logs_.at(log)->retire(now);
}

}  // namespace kontor::signing
