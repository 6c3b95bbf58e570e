#pragma once
// DER (X.690): elements are cut out of bytes that others sent, and put together. Nothing is decoded
// beyond what certificates and timestamps take.
#include "base/bytes.h"
#include "base/time.h"

#include <cstdint>
#include <optional>

namespace kontor::sigstore::der {

enum Tag : std::uint8_t {
  kInteger = 0x02,
  kOctets = 0x04,
  kOid = 0x06,
  kUtf8 = 0x0C,
  kGeneralizedTime = 0x18,
  kSequence = 0x30,
  kSet = 0x31,
  kContext0 = 0xA0,  // [0], constructed
  kContext3 = 0xA3,
};

struct Element {
  std::uint8_t tag = 0;
  ByteView content;
  ByteView whole;  // with tag and length
};

// Takes the next element off the front. Nothing, and `text` is as it was, where none stands there
// whole, its length is not spelt as DER does, or its tag has more than one byte.
std::optional<Element> take(ByteView& text);
// Its content where it has that tag.
std::optional<ByteView> take(ByteView& text, std::uint8_t tag);
// The content of the one element that the text is.
std::optional<ByteView> only(ByteView text, std::uint8_t tag);

Bytes put(std::uint8_t tag, ByteView content);

// "YYYYMMDDHHMMSS[.f]Z", a content of kGeneralizedTime.
std::optional<Timestamp> parse_time(ByteView text);

}  // namespace kontor::sigstore::der
