#pragma once
// What crosses the border to a worker process: the request, and what the inspection tells. Both
// sides are one program, but the worker has read hostile bytes, so its answer is read as a
// stranger's.
#include "base/bytes.h"
#include "base/error.h"
#include "domain/archive_report.h"

#include <cstdint>

namespace kontor::processing {

// Longest message of either kind: a report with 100,000 files of the longest paths fits not, one of
// any package that is accepted does.
inline constexpr std::uint32_t kMaxMessage = 64u << 20;

Bytes print_request(const ArchiveRequest& request);
Result<ArchiveRequest> parse_request(ByteView text);

Bytes print_outcome(const Result<ArchiveReport>& outcome);
// The outcome itself where the text is one; `internal` where it is none, or tells a code that no
// inspection ends with.
Result<ArchiveReport> parse_outcome(ByteView text, const ArchiveRequest& request);

}  // namespace kontor::processing
