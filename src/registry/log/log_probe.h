#pragma once
// Whether what is published of a log still is what the store holds (row HLT-01).
#include "ports/log_files.h"
#include "ports/log_store.h"

namespace kontor {

// Proves the last leaf that the checkpoint covers, as the store has it, out of the tiles; costs a
// leaf and as many tiles as a client reads for one proof. storage_failed where store, tiles and
// checkpoint do not belong together, with a cause that names the log; fine before there is a
// checkpoint.
Task<> probe_log(LogStore& store, LogFiles& files, LogId log);

}  // namespace kontor
