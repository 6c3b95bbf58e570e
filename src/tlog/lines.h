#pragma once
// Text of lines, as notes, checkpoints, proofs and leaves are written: cutting it, and values in
// it.
#include "tlog/merkle.h"

#include <optional>

namespace kontor::tlog {

// Takes the next line off the front, without its LF; nothing where no LF is left.
inline std::optional<ByteView> take_line(ByteView& text) {
  const auto end = text.find('\n');
  if (end == text.npos) return std::nullopt;
  const ByteView line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// What follows `prefix`, nothing where the text starts otherwise.
inline std::optional<ByteView> after(ByteView text, ByteView prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

// A hash in base64, which has 44 characters.
inline std::optional<Hash> parse_hash(ByteView text) {
  if (text.size() != 44) return std::nullopt;
  const auto bytes = from_base64(text);
  return bytes ? Hash::from_bytes(*bytes) : std::nullopt;
}

}  // namespace kontor::tlog
