#pragma once
// Durations and sizes as people write them, and small helpers of text.
#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::config {

// "1500", "250ms", "90s", "5m", "1.5h", "7d", "2w" in milliseconds; a bare number counts them.
std::optional<Duration> parse_duration(std::string_view text);
// "4096", "200MiB", "1.5GB" in bytes; KB, MB, GB and TB are powers of 1000. Any case.
std::optional<std::uint64_t> parse_size(std::string_view text);

// In the largest unit that divides the value: "5m", "200MiB"; nought is "0".
std::string render_duration(Duration duration);
std::string render_size(std::uint64_t bytes);

// A non-negative decimal number that is the whole text.
std::optional<std::uint64_t> parse_digits(std::string_view text);
// Without white space at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace kontor::config
