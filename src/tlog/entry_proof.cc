// The first blank line parts leaf and proof.
#include "tlog/entry_proof.h"

namespace kontor::tlog {

Result<EntryProof> parse_entry_proof(ByteView text) {
  const auto blank = text.find("\n\n");
  if (blank == text.npos || blank == 0)
    return fail(Code::bad_request, "This is no leaf with its proof: no blank line parts them.");
  if (blank + 1 > kMaxLeafBytes) return fail(Code::too_large, "A leaf may have 4 KiB.");
  auto proof = parse_tlog_proof(text.substr(blank + 2));
  if (!proof) return fail(proof);
  return EntryProof{Bytes(text.substr(0, blank + 1)), *std::move(proof)};
}

std::string print_entry_proof(const EntryProof& entry) {
  return entry.leaf + "\n" + print_tlog_proof(entry.proof);
}

}  // namespace kontor::tlog
