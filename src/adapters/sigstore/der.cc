// Lengths have up to four bytes: no certificate or timestamp is longer.
#include "adapters/sigstore/der.h"

#include <string>

namespace kontor::sigstore::der {
namespace {

constexpr std::uint8_t kLongTag = 0x1F, kLongLength = 0x80;
constexpr std::size_t kMaxLengthBytes = 4;

std::uint8_t byte_at(ByteView text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

struct Length {
  std::size_t value = 0;
  std::size_t bytes = 1;
};

std::optional<Length> length_of(ByteView text) {
  if (text.empty()) return std::nullopt;
  const auto first = byte_at(text, 0);
  if (first < kLongLength) return Length{first, 1};
  const std::size_t count = first - kLongLength;
  if (count == 0 || count > kMaxLengthBytes || text.size() <= count) return std::nullopt;
  std::size_t value = 0;
  for (std::size_t i = 1; i <= count; ++i) value = value << 8 | byte_at(text, i);
  const bool shortest = byte_at(text, 1) != 0 && value >= kLongLength;
  return shortest ? std::optional(Length{value, count + 1}) : std::nullopt;
}

}  // namespace

std::optional<Element> take(ByteView& text) {
  if (text.empty() || (byte_at(text, 0) & kLongTag) == kLongTag) return std::nullopt;
  const auto length = length_of(text.substr(1));
  if (!length || length->value > text.size() - 1 - length->bytes) return std::nullopt;
  const std::size_t head = 1 + length->bytes;
  const Element found{byte_at(text, 0), text.substr(head, length->value),
                      text.substr(0, head + length->value)};
  text.remove_prefix(found.whole.size());
  return found;
}

std::optional<ByteView> take(ByteView& text, std::uint8_t tag) {
  ByteView rest = text;
  const auto found = take(rest);
  if (!found || found->tag != tag) return std::nullopt;
  text = rest;
  return found->content;
}

std::optional<ByteView> only(ByteView text, std::uint8_t tag) {
  const auto content = take(text, tag);
  return text.empty() ? content : std::nullopt;
}

Bytes put(std::uint8_t tag, ByteView content) {
  Bytes out(1, static_cast<char>(tag));
  if (content.size() < kLongLength) {
    out += static_cast<char>(content.size());
    return out.append(content);
  }
  Bytes length;
  for (std::size_t rest = content.size(); rest > 0; rest >>= 8)
    length.insert(length.begin(), static_cast<char>(rest));
  out += static_cast<char>(kLongLength + length.size());
  return out.append(length).append(content);
}

std::optional<Timestamp> parse_time(ByteView text) {
  constexpr std::size_t kDigits = 14;
  if (text.size() <= kDigits || text.back() != 'Z') return std::nullopt;
  std::string spelt(text.substr(0, 4));
  for (std::size_t at = 4; at < kDigits; at += 2)
    spelt.append(1, "--T::"[at / 2 - 2]).append(text.substr(at, 2));
  return parse_rfc3339(spelt.append(text.substr(kDigits)));
}

}  // namespace kontor::sigstore::der
