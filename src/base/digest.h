#pragma once
// Digests as values, with the spellings the protocols use.
#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/encoding.h"

namespace kontor {

template <std::size_t N, class Tag>
struct Digest {
  std::array<std::uint8_t, N> bytes{};

  auto operator<=>(const Digest&) const = default;
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), N}; }
  std::string hex() const { return to_hex(view()); }
  std::string base64() const { return to_base64(view()); }

  static std::optional<Digest> from_bytes(std::string_view raw) {
    if (raw.size() != N) return std::nullopt;
    Digest d;
    for (std::size_t i = 0; i < N; ++i) d.bytes[i] = static_cast<std::uint8_t>(raw[i]);
    return d;
  }
  static std::optional<Digest> from_hex(std::string_view text) {
    auto raw = kontor::from_hex(text);
    return raw ? from_bytes(*raw) : std::nullopt;
  }
};

using Sha1 = Digest<20, struct Sha1Tag>;
using Sha256 = Digest<32, struct Sha256Tag>;
using Sha512 = Digest<64, struct Sha512Tag>;

// Subresource integrity text as npm writes it: "sha512-<base64>".
inline std::string integrity(const Sha512& d) { return "sha512-" + d.base64(); }

}  // namespace kontor

template <std::size_t N, class Tag>
struct std::hash<kontor::Digest<N, Tag>> {
  std::size_t operator()(const kontor::Digest<N, Tag>& d) const {
    return std::hash<std::string_view>{}(d.view());
  }
};
