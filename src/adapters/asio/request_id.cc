// SplitMix64 is one multiplication more than a counter and hides how many requests were served.
#include "adapters/asio/request_id.h"

#include <algorithm>
#include <ctime>
#include <sys/random.h>

namespace kontor::net {

RequestIds::RequestIds() {
  if (::getrandom(&state_, sizeof state_, 0) != sizeof state_)
    state_ = static_cast<std::uint64_t>(std::time(nullptr));
}

std::string_view RequestIds::next(std::span<char> out) {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  z ^= z >> 31;
  for (std::size_t i = 0; i < 16; ++i, z >>= 4) out[i] = "0123456789abcdef"[z & 15];
  return {out.data(), 16};
}

bool is_acceptable_id(std::string_view id) {
  return id.size() >= 8 && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-' || c == '_' || c == '.';
         });
}

}  // namespace kontor::net
