// Blocks of 512 bytes as POSIX.1-2001 lays them out.
#include "archive/tar_writer.h"

#include "archive/tar_header.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace kontor {
namespace {

constexpr std::size_t kName = 100, kPrefix = 155;

using Block = std::array<char, kTarBlock>;

void put(Block& block, std::size_t at, std::string_view text) {
  std::ranges::copy(text, block.begin() + static_cast<std::ptrdiff_t>(at));
}

// `width` octal digits and a NUL behind them.
void put_octal(Block& block, std::size_t at, std::size_t width, std::uint64_t number) {
  for (std::size_t i = width; i-- > 0; number >>= 3)
    block[at + i] = static_cast<char>('0' + (number & 7));
}

// Prefix and name, where the path can be cut between two of its parts so that both fit.
bool split_path(std::string_view path, std::string_view& prefix, std::string_view& name) {
  prefix = {};
  name = path;
  if (path.size() <= kName) return true;
  const auto cut = path.find('/', path.size() - kName - 1);
  if (cut == path.npos || cut > kPrefix || cut == 0 || cut + 1 == path.size()) return false;
  prefix = path.substr(0, cut);
  name = path.substr(cut + 1);
  return true;
}

// "<length> path=<path>\n", where the length counts its own digits.
std::string pax_record(std::string_view path) {
  const std::string rest = " path=" + std::string(path) + "\n";
  std::size_t length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) ++length;
  return std::to_string(length) + rest;
}

}  // namespace

void TarWriter::file(std::string_view path, ByteView content) {
  std::string_view prefix, name;
  if (split_path(path, prefix, name)) return entry(path, '0', content);
  entry("pax", 'x', pax_record(path));
  entry(path.substr(path.size() - kName), '0', content);
}

void TarWriter::entry(std::string_view path, char type, ByteView content) {
  Block block{};
  std::string_view prefix, name;
  split_path(path, prefix, name);
  put(block, 0, name);
  put_octal(block, 100, 7, 0644);
  put_octal(block, 108, 7, 0);
  put_octal(block, 116, 7, 0);
  put_octal(block, 124, 11, content.size());
  put_octal(block, 136, 11, 0);
  put(block, 148, "        ");
  block[156] = type;
  put(block, 257,
      std::string_view("ustar\0"
                       "00",
                       8));
  put(block, 345, prefix);
  std::uint64_t sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put_octal(block, 148, 6, sum);
  block[154] = '\0';
  tar_.append(block.data(), block.size());
  tar_.append(content);
  tar_.append((kTarBlock - content.size() % kTarBlock) % kTarBlock, '\0');
}

Bytes TarWriter::finish() {
  tar_.append(2 * kTarBlock, '\0');
  return std::exchange(tar_, {});
}

}  // namespace kontor
