#pragma once
// What the headers of an archive say about the entry they open.
#include <cstdint>
#include <string>

namespace kontor {

struct ArchiveEntry {
  enum class Kind : std::uint8_t {
    file,
    directory,
    hard_link,
    symbolic_link,
    device,  // character or block
    fifo,
    sparse,
    other,  // anything else, vendor types included
  };

  std::string path;  // tar: by pax, GNU long name or the ustar fields, in this order; unchecked
  std::uint64_t size = 0;  // unpacked; a ZIP entry written as a stream tells it only at its end: 0
  Kind kind = Kind::file;
};

}  // namespace kontor
