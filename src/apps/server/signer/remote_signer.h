#pragma once
// The signing ports, with the keys in another process.
#include "apps/server/signer/client.h"
#include "apps/server/signing/signers.h"
#include "ports/loop.h"

namespace kontor::signer {

// The ports of one loop. Asks on the workers, whose threads wait for the answer; without workers
// the caller's thread does, which is for loops that serve nobody.
class RemoteSigner final : public signing::Signers {
 public:
  RemoteSigner(Client& client, Loop* home, Workers* workers)
      : client_(client), home_(home), workers_(workers) {}

  Task<std::vector<tlog::NoteKey>> log_keys(LogId log) override;
  Task<std::optional<tlog::Head>> signed_head(LogId log) override;
  Task<Bytes> sign_checkpoint(LogId log, tlog::Head head, tlog::Proof proof) override;
  Task<std::vector<RetiredLogKey>> retired_log_keys(LogId log) override;
  Task<tlog::NoteKey> rotate_log_key(LogId log) override;
  Task<std::vector<RetiredLogKey>> retire_log_keys(LogId log) override;
  Task<std::vector<ReleaseKey>> release_keys() override;
  Task<ReleaseSignature> sign_release(Release release) override;
  Task<ReleaseKey> rotate_release_key() override;

 private:
  Task<Json> ask(Json request, Repeat repeat);
  Task<Json> recall(Json request);  // asks only where nobody remembers
  Task<Json> change(Json request);  // nobody remembers what was before

  Client& client_;
  Loop* home_;
  Workers* workers_;
};

}  // namespace kontor::signer
