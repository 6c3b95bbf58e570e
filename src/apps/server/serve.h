#pragma once
// `kontor serve`: from configuration to a running server, its signals and its end.
#include "apps/server/config/files.h"

#include <string>

namespace kontor {

// Returns the exit status: 0 after a clean drain, 1 where the start failed or requests were cut.
// Blocks SIGINT, SIGTERM and SIGHUP for the whole process; call it before any thread exists.
int serve(const config::ConfigRequest& request, const std::string& version);

}  // namespace kontor
