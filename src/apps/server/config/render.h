#pragma once
// Values of keys as text, for people and for files.
#include "apps/server/config/keys.h"
#include "apps/server/config/units.h"

#include <string>
#include <string_view>

namespace kontor::config {

// JSON5 string literal with double quotes.
std::string in_quotes(std::string_view text);

// The value as JSON5; round sizes and durations with units. A secret that is set is "********".
std::string render(const Config& config, const Key& key);

bool same_value(const Config& a, const Config& b, const Key& key);
void copy_value(const Config& from, Config& to, const Key& key);

}  // namespace kontor::config
