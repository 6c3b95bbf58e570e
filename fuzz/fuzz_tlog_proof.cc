// Offline proofs: what is accepted prints the same, and no hashes in it lead two entries to one
// place.
#include "base/check.h"
#include "tlog/tlog_proof.h"

#include <cstdint>

namespace {

using kontor::check;
using kontor::tlog::Head;

// Believes every signature.
class Believer final : public kontor::tlog::Ed25519 {
 public:
  bool verify(const kontor::tlog::PublicKey&, kontor::ByteView,
              const kontor::tlog::RawSignature&) const override {
    return true;
  }
};

// The hashes as proofs between sizes that the input chooses.
void check_hashes(const kontor::tlog::TlogProof& proof, std::uint64_t size) {
  const auto leaf = kontor::tlog::leaf_hash("entry"), other = kontor::tlog::leaf_hash("other");
  const Head older{proof.index, leaf}, newer{size, other};
  const auto plan = kontor::tlog::plan_inclusion(proof.index, size);
  check(plan.has_value() == (proof.index < size && size <= kontor::tlog::kMaxSize), "no plan");
  check(!verify_inclusion(proof.hashes, proof.index, leaf, newer), "a wrong length is accepted");
  check(!verify_inclusion(proof.hashes, proof.index, leaf, newer), "an invented root is reached");
  check(!verify_consistency(proof.hashes, older, newer), "an invented root is reached");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const kontor::ByteView text(reinterpret_cast<const char*>(data), size);
  const auto proof = kontor::tlog::parse_tlog_proof(text);
  if (!proof) return 0;
  check(print_tlog_proof(*proof) == text, "a proof prints otherwise than it was read");
  for (const std::uint64_t tree : {proof->index + 1, proof->index * 3, std::uint64_t{size}})
    check_hashes(*proof, tree);

  const kontor::tlog::LogTrust trust{
      {*kontor::tlog::parse_vkey(
          "registry.example/log+ce4b0075+AZcJU5HJ4L7OcMclu/yDaOdiKjRmAI+2gXE+J/cs4nwu")},
      {},
      0};
  const bool one = verify_tlog_proof(*proof, "one", trust, Believer()).has_value();
  const bool two = verify_tlog_proof(*proof, "two", trust, Believer()).has_value();
  check(!(one && two), "one place holds two entries");
  return 0;
}
