#pragma once
// The logs as clients read them: static files that any cache may keep, and helpers for clients that
// would rather not compute with tiles.
#include "ports/log_files.h"
#include "ports/log_store.h"
#include "ports/signer.h"
#include "registry/gateway.h"

#include <functional>
#include <span>

namespace kontor {

struct LogService {
  Registry& registry;
  LogStore& store;
  LogFiles& files;
  Signer& signer;
  // Another number whenever a log may have another checkpoint than before; odd while it is being
  // exchanged. Empty: checkpoints are read anew each time.
  std::function<std::uint64_t(LogId)> checkpoints;
};

std::span<const RouteEntry<LogService>> log_routes();

}  // namespace kontor
