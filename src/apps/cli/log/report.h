#pragma once
// How commands that check a log end: exit statuses, and errors in words or JSON.
#include "apps/cli/config_command.h"
#include "base/error.h"

#include <nlohmann/json.hpp>

namespace kontor::cli {

// 2 is a wrong command line.
inline constexpr int kHolds = 0;
inline constexpr int kRefuted = 1;     // something is not as the log says, or the log is not sound
inline constexpr int kNotChecked = 3;  // no answer, no pinned key: nothing was found out

int status_of(const Error& error);
nlohmann::ordered_json json_of(const Error& error);  // {"code","message"}

// Prints the error and leaves the status; as {"ok":false,"error":...} on `out` for JSON.
void end_with(CommandContext& context, const Error& error, bool json);
// Prints {"ok":true,...} or `words`.
void end_well(CommandContext& context, nlohmann::ordered_json facts, const std::string& words,
              bool json);

}  // namespace kontor::cli
