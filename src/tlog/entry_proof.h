#pragma once
// A leaf with its proof in one file, as a registry answers it and a client keeps it: the leaf,
// which has no blank line, a blank line, and the proof of tlog_proof.h.
#include "tlog/leaf.h"
#include "tlog/tlog_proof.h"

namespace kontor::tlog {

struct EntryProof {
  Bytes leaf;
  TlogProof proof;
  bool operator==(const EntryProof&) const = default;
};

// bad_request for anything but the one spelling, too_large where a part is over its limit. Nothing
// is verified: the leaf may be no leaf. A text that is parsed prints the same.
Result<EntryProof> parse_entry_proof(ByteView text);
std::string print_entry_proof(const EntryProof& entry);

}  // namespace kontor::tlog
