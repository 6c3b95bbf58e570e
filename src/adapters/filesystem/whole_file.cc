// Piece by piece, since the size that a file states need not be what is read.
#include "adapters/filesystem/whole_file.h"

#include <array>
#include <cerrno>
#include <unistd.h>

namespace kontor::fs {

Result<std::string> read_all(const Fd& file, std::size_t most) {
  std::string bytes;
  std::array<char, 4096> piece;
  for (;;) {
    const auto n = ::read(file.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno(errno, "read");
    if (n == 0) return bytes;
    bytes.append(piece.data(), static_cast<std::size_t>(n));
    if (bytes.size() > most) return fail(Code::too_large, "The file is too large.");
  }
}

Result<std::string> read_file(const std::string& path, std::size_t most) {
  const auto file = open_for_reading(path);
  if (!file) return std::unexpected(file.error());
  return read_all(*file, most);
}

}  // namespace kontor::fs
