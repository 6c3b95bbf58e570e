#pragma once
// Values of a leaf's fields as text and back. spell() gives nothing where the value has no place in
// its field; read() is false where the text is none. read() may accept other spellings than
// spell()'s: parse_leaf() compares.
#include "tlog/leaf.h"

#include <cstdint>
#include <optional>
#include <string>

namespace kontor::tlog {

using Spelt = std::optional<std::string>;

Spelt spell(const std::string& value);  // any bytes but none at all
Spelt spell(std::uint64_t value);
Spelt spell(const Sha256& value);
Spelt spell(const Sha512& value);
Spelt spell(const Word& value);
Spelt spell(const Account& value);
Spelt spell(Change value);
Spelt spell(const PackageRef& value);
Spelt spell(const Author& value);
Spelt spell(const Workload& value);

bool read(ByteView text, std::string& value);
bool read(ByteView text, std::uint64_t& value);
bool read(ByteView text, Sha256& value);
bool read(ByteView text, Sha512& value);
bool read(ByteView text, Word& value);
bool read(ByteView text, Account& value);
bool read(ByteView text, Change& value);
bool read(ByteView text, PackageRef& value);
bool read(ByteView text, Author& value);
bool read(ByteView text, Workload& value);

inline constexpr ByteView kAbsent = "-";

template <class T>
Spelt spell(const std::optional<T>& value) {
  if (!value) return std::string(kAbsent);
  Spelt text = spell(*value);
  if (text == kAbsent) return std::nullopt;
  return text;
}

template <class T>
bool read(ByteView text, std::optional<T>& value) {
  if (text == kAbsent) {
    value.reset();
    return true;
  }
  return read(text, value.emplace());
}

}  // namespace kontor::tlog
