#pragma once
// Who holds the keys of the logs. The core never sees a secret: it asks for checkpoints, and the
// signer refuses one that does not extend the last, so that whoever takes over the core cannot sign
// a second history of a log.
#include "base/bytes.h"
#include "base/task.h"
#include "ports/log_records.h"
#include "tlog/note_key.h"
#include "tlog/proof.h"

#include <optional>
#include <vector>

namespace kontor {

// Thread: one instance belongs to one loop.
class Signer {
 public:
  virtual ~Signer() = default;

  // Keys whose signatures stand under the log's checkpoints, newest first; at least one. Their
  // name is the log's origin.
  virtual Task<std::vector<tlog::NoteKey>> log_keys(LogId log) = 0;
  // The newest head that was ever signed; nothing before the first.
  virtual Task<std::optional<tlog::Head>> signed_head(LogId log) = 0;
  // The signed note of a checkpoint. `proof` shows that `head` extends signed_head(): invalid_proof
  // otherwise, and nothing is signed. The head is durable as the newest before it is signed.
  virtual Task<Bytes> sign_checkpoint(LogId log, tlog::Head head, tlog::Proof proof) = 0;
};

}  // namespace kontor
