#pragma once
// Checkpoints (C2SP tlog-checkpoint): the head of a log as the text of a signed note.
#include "tlog/proof.h"

#include <string>
#include <string_view>
#include <vector>

namespace kontor::tlog {

struct Checkpoint {
  std::string origin;  // which log this is
  Head head;
  std::vector<std::string> extensions;  // opaque lines; ours have none
  bool operator==(const Checkpoint&) const = default;
};

// The rules for an origin of our own: a URL without scheme, "registry.example/log/public", of up to
// 255 printable ASCII characters without spaces, '+', and '/' at either end. It is the name of the
// log's key as well. bad_request otherwise.
Result<void> check_origin(std::string_view origin);

// The text of a note: non-empty lines of origin, size, root in base64, and extensions. bad_request
// for anything but the one spelling, and for a root of size 0 that is not the empty one. Origins of
// others are held to no rules but these. A text that is parsed prints the same.
Result<Checkpoint> parse_checkpoint(ByteView text);
std::string print_checkpoint(const Checkpoint& checkpoint);

}  // namespace kontor::tlog
