#pragma once
// The keys of the logs, made from the deployment's secret, and the last heads they signed. Heads
// are kept by the sequencer, the one Durable Object that may sign; elsewhere the keys are only
// shown. They cannot be exchanged apart from the secret.
#include "adapters/system/sodium_ed25519.h"
#include "apps/edge/host.h"
#include "ports/log_key_keeper.h"
#include "ports/signer.h"

#include <map>
#include <memory>

namespace kontor::edge {

class EdgeSigner final : public Signer, public LogKeyKeeper {
 public:
  // `host_name` stands before "/log/<name>" in the origins of the logs.
  EdgeSigner(Host& host, ByteView secret, const std::string& host_name);

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
  Host& host_;
  std::map<LogId, Key> keys_;
};

}  // namespace kontor::edge
