#pragma once
// Messages between the module and its host: numbers of 4 and 8 bytes, little end first, and byte
// strings behind their length. Both ends are ours and of one build, so nothing is versioned; a
// message that ends early reads as zeros. worker/wire.mjs is the other end.
#include "base/bytes.h"

#include <cstdint>
#include <cstring>

namespace kontor::edge {

class MessageWriter {
 public:
  MessageWriter& number(std::uint32_t value) { return raw(&value, sizeof value); }
  MessageWriter& large(std::uint64_t value) { return raw(&value, sizeof value); }
  MessageWriter& bytes(ByteView value) {
    number(static_cast<std::uint32_t>(value.size()));
    return raw(value.data(), value.size());
  }
  Bytes take() { return std::move(out_); }

 private:
  MessageWriter& raw(const void* data, std::size_t size) {
    out_.append(static_cast<const char*>(data), size);
    return *this;
  }
  Bytes out_;
};

// Views are of the message.
class MessageReader {
 public:
  explicit MessageReader(ByteView message) : rest_(message) {}
  std::uint32_t number() { return raw<std::uint32_t>(); }
  std::uint64_t large() { return raw<std::uint64_t>(); }
  ByteView bytes() {
    const auto size = number();
    const auto value = rest_.substr(0, size);
    rest_.remove_prefix(value.size());
    return value;
  }
  Bytes text() { return Bytes(bytes()); }

 private:
  template <class T>
  T raw() {
    T value = 0;
    if (rest_.size() >= sizeof value) {
      std::memcpy(&value, rest_.data(), sizeof value);
      rest_.remove_prefix(sizeof value);
    }
    return value;
  }
  ByteView rest_;
};

}  // namespace kontor::edge
