#pragma once
// Keys of signed notes (C2SP signed-note), and Ed25519 as this folder asks it of the host.
#include "base/bytes.h"
#include "base/digest.h"
#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::tlog {

using PublicKey = Digest<32, struct PublicKeyTag>;     // Ed25519, as RFC 8032 encodes it
using RawSignature = Digest<64, struct SignatureTag>;  // Ed25519

// The byte that tells what a key signs; other types are read over.
enum class SignatureType : std::uint8_t {
  ed25519 = 1,      // the text of the note
  cosignature = 4,  // a time and the text (C2SP tlog-cosignature)
};

// Made by make_key() or parse_vkey(), so that `id` fits the rest.
struct NoteKey {
  std::string name;
  SignatureType type = SignatureType::ed25519;
  PublicKey public_key;
  std::uint32_t id = 0;
  bool operator==(const NoteKey&) const = default;
};

inline constexpr std::size_t kMaxKeyName = 255;

// UTF-8 of 1 to kMaxKeyName bytes without spaces, control characters and '+'.
bool is_key_name(std::string_view name);

// The first four bytes, big endian, of SHA-256(name, LF, type, key).
std::uint32_t key_id(std::string_view name, SignatureType type, const PublicKey& key);

// bad_request where the name is none.
Result<NoteKey> make_key(std::string name, SignatureType type, const PublicKey& key);

// The text form "<name>+<id in hex>+<base64 of type and key>". Parsing refuses ids that do not
// fit, and types other than SignatureType's, with bad_request.
std::string print_vkey(const NoteKey& key);
Result<NoteKey> parse_vkey(std::string_view text);

class Ed25519 {
 public:
  virtual ~Ed25519() = default;
  // RFC 8032, section 5.1.7; false for keys that are no point of the curve.
  virtual bool verify(const PublicKey& key, ByteView message,
                      const RawSignature& signature) const = 0;
};

}  // namespace kontor::tlog
