#pragma once
// The messages of C2SP tlog-witness: a log asks a witness to cosign a checkpoint, and what the
// answers mean to it. Who sends them is for the host.
#include "tlog/policy.h"
#include "tlog/proof.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace kontor::tlog {

// POST <prefix>/add-checkpoint.
//
//     old <size>
//     <hash in base64>        the consistency proof from the old size
//
//     <signed checkpoint>
struct AddCheckpoint {
  std::uint64_t old_size = 0;  // of the checkpoint that the witness cosigned last
  Proof proof;
  std::string checkpoint;  // signed note, verbatim
  bool operator==(const AddCheckpoint&) const = default;
};

inline constexpr std::size_t kMaxAddCheckpointBytes = kMaxNoteBytes + 8 * 1024;
inline constexpr std::string_view kWitnessSizeType = "text/x.tlog.size";

// bad_request for anything but the one spelling, too_large over the limit. Nothing is verified. A
// request that is parsed prints the same.
Result<AddCheckpoint> parse_add_checkpoint(ByteView body);
std::string print_add_checkpoint(const AddCheckpoint& request);

// What the log makes of a witness's answer: a cosignature that is verified, or the size at which
// the witness is, to ask again with a proof from there.
using WitnessAnswer = std::variant<NoteSignature, std::uint64_t>;

// `checkpoint` is what was asked to be cosigned. unavailable, with the witness's words, where it
// refused or did not answer as the protocol says; invalid_signature where its cosignature is wrong.
Result<WitnessAnswer> read_witness_answer(int status, std::string_view type, ByteView body,
                                          ByteView checkpoint, const NoteKey& witness,
                                          const Ed25519& ed25519);

// The checkpoint with one more signature.
Result<std::string> add_signature(ByteView checkpoint, const NoteSignature& signature);

}  // namespace kontor::tlog
