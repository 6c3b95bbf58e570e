// Text form of offline proofs.
#include "tlog/tlog_proof.h"

#include "tlog/decimal.h"
#include "tlog/lines.h"

namespace kontor::tlog {
namespace {

constexpr ByteView kHeader = "c2sp.org/tlog-proof@v1";
constexpr std::size_t kMaxHashes = 63;  // what a tree of kMaxSize leaves can need

std::unexpected<Error> malformed() {
  return fail(Code::bad_request, "This is no proof of a transparency log (C2SP tlog-proof).");
}

// The lines up to the blank one; false where one of them is no hash.
bool take_hashes(ByteView& text, Proof& hashes) {
  for (;;) {
    const auto line = take_line(text);
    if (!line) return false;
    if (line->empty()) return true;
    const auto hash = parse_hash(*line);
    if (!hash || hashes.size() == kMaxHashes) return false;
    hashes.push_back(*hash);
  }
}

}  // namespace

Result<TlogProof> parse_tlog_proof(ByteView text) {
  if (text.size() > kMaxTlogProofBytes) return fail(Code::too_large, "A proof may have 512 KiB.");
  if (take_line(text) != kHeader) return malformed();
  TlogProof proof;
  auto line = take_line(text);
  if (const auto extra = after(line.value_or(""), "extra ")) {
    proof.extra = from_base64(*extra);
    if (!proof.extra) return malformed();
    line = take_line(text);
  }
  const auto number = after(line.value_or(""), "index ");
  const auto index = number ? parse_decimal(*number, kMaxSize) : std::nullopt;
  if (!index || !take_hashes(text, proof.hashes) || text.empty()) return malformed();
  proof.index = *index;
  proof.checkpoint = text;
  return proof;
}

std::string print_tlog_proof(const TlogProof& proof) {
  std::string text = std::string(kHeader) + "\n";
  if (proof.extra) text += "extra " + to_base64(*proof.extra) + "\n";
  text += "index " + std::to_string(proof.index) + "\n";
  for (const Hash& hash : proof.hashes) text += hash.base64() + "\n";
  return text + "\n" + proof.checkpoint;
}

Result<SignedCheckpoint> verify_tlog_proof(const TlogProof& proof, ByteView entry,
                                           const LogTrust& trust, const Ed25519& ed25519) {
  auto opened = open_checkpoint(proof.checkpoint, trust, ed25519);
  if (!opened) return opened;
  auto included =
      verify_inclusion(proof.hashes, proof.index, leaf_hash(entry), opened->checkpoint.head);
  if (!included) return fail(included);
  return opened;
}

}  // namespace kontor::tlog
