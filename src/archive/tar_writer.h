#pragma once
// Writes a tar stream that equal files always give alike: POSIX ustar, with a pax header where a
// path is too long for it; no times, owners or modes but one.
#include "base/bytes.h"

#include <string_view>

namespace kontor {

class TarWriter {
 public:
  // Appends a file of mode 0644. `path` is relative and without NUL.
  void file(std::string_view path, ByteView content);
  // The stream with its end mark; the writer is empty then.
  Bytes finish();

 private:
  void entry(std::string_view path, char type, ByteView content);

  Bytes tar_;
};

}  // namespace kontor
