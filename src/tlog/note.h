#pragma once
// Signed notes (C2SP signed-note): a text and lines of signatures over it. Parsing says nothing
// about the signatures; a text may be used after verify_note() only.
#include "tlog/note_key.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kontor::tlog {

inline constexpr std::size_t kMaxNoteBytes = 256 * 1024;
inline constexpr std::size_t kMaxNoteSignatures = 64;
inline constexpr std::uint64_t kMaxTime = (std::uint64_t{1} << 63) - 1;

// One line: who signed, by which key, and what the key's type makes of the bytes.
struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes bytes;
  bool operator==(const NoteSignature&) const = default;
};

struct Note {
  std::string text;  // ends in LF
  std::vector<NoteSignature> signatures;
  bool operator==(const Note&) const = default;
};

// bad_request for anything but the one spelling of a note with at least one signature, too_large
// over the limits above. A note that is parsed prints the same.
Result<Note> parse_note(ByteView note);
std::string print_note(const Note& note);

// Signature lines alone, as a witness answers them; at least one.
Result<std::vector<NoteSignature>> parse_signatures(ByteView lines);
std::string print_signatures(std::span<const NoteSignature> signatures);

// --- signing: the signature itself is made elsewhere, by who holds the key --------------------

// What a cosignature at `time` (seconds since 1970) signs. An Ed25519 key signs the text alone.
Bytes cosigned_bytes(ByteView text, std::uint64_t time);
NoteSignature make_signature(const NoteKey& key, const RawSignature& signature);
NoteSignature make_cosignature(const NoteKey& key, std::uint64_t time,
                               const RawSignature& signature);

// --- verification --------------------------------------------------------------------------

// One signature to verify; `key` is its place among the keys that were given.
struct SignatureCheck {
  std::size_t key = 0;
  Bytes message;
  RawSignature signature;
  std::optional<std::uint64_t> time;  // of a cosignature
};

// What has to be verified, for hosts that verify asynchronously: the first signature of each of
// `keys`, in order of the note. Signatures of other keys are passed over. invalid_signature where a
// key's signature has the wrong length or time, or none of the keys has signed.
Result<std::vector<SignatureCheck>> checks_of(const Note& note, std::span<const NoteKey> keys);

struct VerifiedSignature {
  std::size_t key = 0;
  std::optional<std::uint64_t> time;
  bool operator==(const VerifiedSignature&) const = default;
};

// Which of `keys` have signed, at least one. invalid_signature where none has, or where a signature
// of any of them is wrong.
Result<std::vector<VerifiedSignature>> verify_note(const Note& note, std::span<const NoteKey> keys,
                                                   const Ed25519& ed25519);

}  // namespace kontor::tlog
