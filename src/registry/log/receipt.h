#pragma once
// What a publisher gets of the log: where the publish is told of, and, for those who wait, the
// proof.
#include "http/message.h"
#include "ports/log_files.h"
#include "ports/log_progress.h"
#include "ports/log_store.h"

#include <optional>

namespace kontor {

struct ReceiptService {
  LogStore& store;
  LogFiles& files;
  LogProgress& progress;
};

struct Receipt {
  LogPlace place;
  std::optional<Bytes> proof;  // leaf, blank line, tlog-proof: as /log/<log>/proof/ answers
};

inline constexpr Duration kLongestReceiptWait = seconds(10);

// How long a publisher is willing to wait for the proof: "Prefer: wait=5" (RFC 7240).
Duration wanted_wait(const http::Request& request);

// Waits at most that long for the proof, and never longer than kLongestReceiptWait; zero: not at
// all. A failure to make the proof costs the proof alone: the leaf is committed.
Task<Receipt> receipt_for(ReceiptService service, LogPlace place, Duration wait);

}  // namespace kontor
