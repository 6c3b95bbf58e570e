// Tar header blocks. Offsets are those of POSIX.1-1988 ustar.
#include "archive/tar_header.h"

#include "archive/refusal.h"

#include <optional>

namespace kontor {
namespace {

constexpr std::size_t kChecksumAt = 148, kChecksumSize = 8;
constexpr ByteView kPosixMagic(
    "ustar\0"
    "00",
    8);
constexpr ByteView kGnuMagic("ustar  \0", 8);
constexpr ByteView kNoMagic("\0\0\0\0\0\0\0\0", 8);

// Text up to the first NUL, behind which there may be nothing but NULs.
std::optional<ByteView> text_field(ByteView field) {
  const auto end = field.find('\0');
  if (end == ByteView::npos) return field;
  if (field.find_first_not_of('\0', end) != ByteView::npos) return std::nullopt;
  return field.substr(0, end);
}

// Octal digits, spaces before them, NULs and spaces behind; at least one digit.
std::optional<std::uint64_t> octal_field(ByteView field) {
  const auto first = field.find_first_not_of(' ');
  if (first == ByteView::npos) return std::nullopt;
  field.remove_prefix(first);
  const auto digits = std::min(field.find_first_not_of("01234567"), field.size());
  if (digits == 0) return std::nullopt;
  if (field.find_first_not_of(ByteView("\0 ", 2), digits) != ByteView::npos) return std::nullopt;
  std::uint64_t number = 0;  // 12 digits at most: no overflow
  for (char c : field.substr(0, digits)) number = number * 8 + static_cast<std::uint64_t>(c - '0');
  return number;
}

// GNU's base-256: a first byte of 0x80 and a big-endian number; 0xff would make it negative.
std::optional<std::uint64_t> binary_field(ByteView field) {
  if (static_cast<unsigned char>(field[0]) != 0x80) return std::nullopt;
  std::uint64_t number = 0;
  for (char c : field.substr(1)) {
    if (number >> 55) return std::nullopt;
    number = number << 8 | static_cast<unsigned char>(c);
  }
  return number;
}

std::optional<std::uint64_t> number_field(ByteView field) {
  return static_cast<unsigned char>(field[0]) & 0x80 ? binary_field(field) : octal_field(field);
}

// The sum of all bytes, those of the checksum itself counted as spaces.
std::uint64_t checksum(ByteView block) {
  std::uint64_t sum = kChecksumSize * ' ';
  for (std::size_t i = 0; i < block.size(); ++i)
    if (i < kChecksumAt || i >= kChecksumAt + kChecksumSize)
      sum += static_cast<unsigned char>(block[i]);
  return sum;
}

// The path, or nothing where a name field is damaged. GNU keeps other things in the prefix field.
std::optional<std::string> path_of(ByteView block) {
  const auto name = text_field(block.substr(0, 100));
  if (!name) return std::nullopt;
  if (block.substr(257, 8) != kPosixMagic) return std::string(*name);
  // Where the prefix leaves its 131st byte empty, star and node keep times in the rest of the
  // field.
  const auto prefix = text_field(block.substr(345, block[345 + 130] == '\0' ? 130 : 155));
  if (!prefix) return std::nullopt;
  return prefix->empty() ? std::string(*name) : std::string(*prefix) + '/' + std::string(*name);
}

}  // namespace

Result<TarHeader> parse_tar_header(ByteView block) {
  const auto sum = octal_field(block.substr(kChecksumAt, kChecksumSize));
  if (!sum || *sum != checksum(block)) return refuse_archive("A tar header has a wrong checksum.");
  const ByteView magic = block.substr(257, 8);
  if (magic != kPosixMagic && magic != kGnuMagic && magic != kNoMagic)
    return refuse_archive("A tar header is of an unknown format.");
  auto path = path_of(block);
  if (!path) return refuse_archive("A tar header has bytes behind the end of a name.");
  const auto size = number_field(block.substr(124, 12));
  if (!size) return refuse_entry(*path, "has a size that is not a number");
  const char type = block[156] == '\0' ? '0' : block[156];
  return TarHeader{std::move(*path), *size, type};
}

bool is_zero_block(ByteView block) {
  return block.find_first_not_of('\0') == ByteView::npos;
}

}  // namespace kontor
