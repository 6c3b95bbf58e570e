#pragma once
// Who exchanges the keys of the logs. A key is exchanged in two steps, so that everybody who has
// pinned the old one can be told in time: first a new key signs beside it, then it signs no more.
#include "base/task.h"
#include "base/time.h"
#include "ports/log_records.h"
#include "tlog/note_key.h"

#include <vector>

namespace kontor {

struct RetiredLogKey {
  tlog::NoteKey key;
  Timestamp since;  // it signs nothing from then on
  bool operator==(const RetiredLogKey&) const = default;
};

// Thread: one instance belongs to one loop.
class LogKeyKeeper {
 public:
  virtual ~LogKeyKeeper() = default;

  // Newest first.
  virtual Task<std::vector<RetiredLogKey>> retired_log_keys(LogId log) = 0;
  // Makes a key with the name of the others, which signs beside them from the next checkpoint on.
  // Durable on return; after an error it may have happened all the same. too_large where too many
  // sign already. Yields the new key.
  virtual Task<tlog::NoteKey> rotate_log_key(LogId log) = 0;
  // Lets all keys but the newest sign no more; their secrets are destroyed. Durable as above.
  // conflict where there is one alone, too_large where too many have been retired. Yields those
  // that are retired by this.
  virtual Task<std::vector<RetiredLogKey>> retire_log_keys(LogId log) = 0;
};

}  // namespace kontor
