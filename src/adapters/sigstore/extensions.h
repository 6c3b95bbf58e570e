#pragma once
// The parts of a certificate (RFC 5280) that libraries do not show, out of its DER.
#include "adapters/sigstore/der.h"

#include <optional>
#include <vector>

namespace kontor::sigstore {

// Object identifiers, as the contents of their elements.
inline constexpr ByteView kAlternativeName("\x55\x1D\x11", 3);
inline constexpr ByteView kKeyUses("\x55\x1D\x25", 3);
inline constexpr ByteView kForCode("\x2B\x06\x01\x05\x05\x07\x03\x03", 8);
inline constexpr ByteView kForTimestamps("\x2B\x06\x01\x05\x05\x07\x03\x08", 8);

struct Extension {
  ByteView id;
  ByteView value;
  ByteView whole;
};

// Views of the DER it was read from.
struct Anatomy {
  ByteView serial, issuer, key;  // whole elements; the key is its SubjectPublicKeyInfo
  ByteView before;               // the signed part up to its extensions
  std::vector<Extension> extensions;

  // The value of the first extension of that kind.
  std::optional<ByteView> find(ByteView id) const;
  // Whether an extended key usage names it.
  bool is_for(ByteView use) const;
  // The signed part as it is without the extensions of that kind.
  Bytes signed_without(ByteView id) const;
};

// Nothing where it is no certificate of version 3.
std::optional<Anatomy> dissect(ByteView certificate);

}  // namespace kontor::sigstore
