#pragma once
// Request ids: 16 hex digits of a fast generator, unique enough to find a request in a log. Not a
// secret.
#include <cstdint>
#include <span>
#include <string_view>

namespace kontor::net {

// SplitMix64 from a random start; belongs to one loop.
class RequestIds {
 public:
  RequestIds();  // seeds itself from the system
  // Writes 16 characters to the front of `out` and returns them.
  std::string_view next(std::span<char> out);

 private:
  std::uint64_t state_ = 0;
};

// Whether an id from a trusted proxy is taken over: 8 to 64 letters, digits, '-', '_' or '.'.
bool is_acceptable_id(std::string_view id);

}  // namespace kontor::net
