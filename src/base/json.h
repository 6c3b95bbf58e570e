#pragma once
// JSON bodies as trees. Handlers parse what strangers send by parse_json only.
#include "base/json_guard.h"

#include <nlohmann/json.hpp>

namespace kontor {

using Json = nlohmann::ordered_json;

// Checks by check_json, then parses, in time linear in the text. Never throws or aborts.
Result<Json> parse_json(ByteView text, const JsonLimits& limits = {});

}  // namespace kontor
