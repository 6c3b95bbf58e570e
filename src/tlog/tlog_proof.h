#pragma once
// C2SP tlog-proof: one text that proves offline that an entry is in a log: index, inclusion proof
// and the signed checkpoint it leads to.
#include "tlog/proof.h"
#include "tlog/signed_checkpoint.h"

#include <optional>
#include <string>

namespace kontor::tlog {

inline constexpr std::size_t kMaxTlogProofBytes = 2 * kMaxNoteBytes;

struct TlogProof {
  std::optional<Bytes> extra;  // authenticated by nothing
  std::uint64_t index = 0;
  Proof hashes;
  std::string checkpoint;  // signed note, verbatim
  bool operator==(const TlogProof&) const = default;
};

// bad_request for anything but the one spelling, too_large over kMaxTlogProofBytes. The checkpoint
// is looked at by verify_tlog_proof() only. A proof that is parsed prints the same.
Result<TlogProof> parse_tlog_proof(ByteView text);
std::string print_tlog_proof(const TlogProof& proof);

// The checkpoint, where `entry` is in the log it describes: else the error of open_checkpoint() or
// verify_inclusion().
Result<SignedCheckpoint> verify_tlog_proof(const TlogProof& proof, ByteView entry,
                                           const LogTrust& trust, const Ed25519& ed25519);

}  // namespace kontor::tlog
