#pragma once
// What a tar header says about the entry it opens.
#include <cstdint>
#include <string>

namespace kontor {

struct TarEntry {
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

  std::string path;  // by pax, GNU long name or the ustar fields, in this order; unchecked
  std::uint64_t size = 0;
  Kind kind = Kind::file;
};

}  // namespace kontor
