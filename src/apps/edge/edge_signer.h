#pragma once
// The keys of the logs, made from the deployment's secret and their shares, and the last heads they
// signed. Heads are kept by the sequencer, the one Durable Object that may sign; elsewhere the keys
// are only shown and exchanged.
#include "adapters/system/sodium_ed25519.h"
#include "apps/edge/key_shares.h"
#include "ports/log_key_keeper.h"
#include "ports/signer.h"

#include <memory>

namespace kontor::edge {

class EdgeSigner final : public Signer, public LogKeyKeeper {
 public:
  // `host_name` stands before "/log/<name>" in the origins of the logs.
  EdgeSigner(Host& host, const Clock& clock, Entropy& entropy, ByteView secret,
             std::string host_name);

  Task<std::vector<tlog::NoteKey>> log_keys(LogId log) override;
  Task<std::optional<tlog::Head>> signed_head(LogId log) override;
  Task<Bytes> sign_checkpoint(LogId log, tlog::Head head, tlog::Proof proof) override;

  Task<std::vector<RetiredLogKey>> retired_log_keys(LogId log) override;
  Task<tlog::NoteKey> rotate_log_key(LogId log) override;
  Task<std::vector<RetiredLogKey>> retire_log_keys(LogId log) override;

 private:
  struct Key {
    tlog::NoteKey note;
    std::unique_ptr<host::Ed25519Key> secret;
  };
  // Those that sign, newest first.
  Task<std::vector<Key>> keys_of(LogId log);
  Result<Key> key_from(LogId log, ByteView share) const;

  Host& host_;
  const Clock& clock_;
  Entropy& entropy_;
  const Bytes secret_;
  const std::string host_name_;
  KeyShareStore shares_;
};

}  // namespace kontor::edge
