// Tarballs for tests.
#include "tests/support/tar_writer.h"

#include "archive/gzip_writer.h"

namespace kontor::test {
namespace {

constexpr std::size_t kBlock = 512;

std::string octal(std::uint64_t number, std::size_t width) {
  std::string out(width, '0');
  for (std::size_t i = width; i-- > 0; number /= 8) out[i] = static_cast<char>('0' + number % 8);
  return out;
}

void put(std::string& block, std::size_t at, std::string_view text) {
  block.replace(at, text.size(), text);
}

}  // namespace

TarWriter& TarWriter::header(const TarFields& f) {
  std::string block(kBlock, '\0');
  put(block, 0, std::string_view(f.name).substr(0, 100));
  put(block, 100, "0000644");
  put(block, 108, "0000000");
  put(block, 116, "0000000");
  put(block, 124, f.size_text ? std::string_view(*f.size_text).substr(0, 12) : octal(f.size, 11));
  put(block, 136, "03407614310");
  block[156] = f.type;
  put(block, 157, std::string_view(f.link).substr(0, 100));
  put(block, 257, std::string_view(f.magic).substr(0, 8));
  put(block, 345, std::string_view(f.prefix).substr(0, 155));
  put(block, 148, "        ");
  int sum = f.checksum_error;
  for (unsigned char c : block) sum += c;
  put(block, 148, octal(static_cast<std::uint64_t>(sum), 6) + std::string("\0 ", 2));
  tar_ += block;
  return *this;
}

TarWriter& TarWriter::content(std::string_view bytes) {
  tar_ += bytes;
  tar_.append((kBlock - bytes.size() % kBlock) % kBlock, '\0');
  return *this;
}

TarWriter& TarWriter::entry(TarFields fields, std::string_view bytes) {
  fields.size = bytes.size();
  return header(fields).content(bytes);
}

TarWriter& TarWriter::file(std::string_view path, std::string_view bytes) {
  return entry({.name = std::string(path)}, bytes);
}

TarWriter& TarWriter::directory(std::string_view path) {
  return entry({.name = std::string(path), .type = '5'}, "");
}

TarWriter& TarWriter::pax(const std::vector<std::pair<std::string, std::string>>& records,
                          char type) {
  std::string text;
  for (const auto& [key, value] : records) text += pax_record(key, value);
  return entry({.name = "PaxHeader/x", .type = type}, text);
}

TarWriter& TarWriter::long_name(std::string_view name, char type) {
  return entry({.name = "././@LongLink", .type = type}, std::string(name) + '\0');
}

TarWriter& TarWriter::raw(std::string_view bytes) {
  tar_ += bytes;
  return *this;
}

std::string TarWriter::tar() const {
  return tar_ + std::string(2 * kBlock, '\0');
}

std::string TarWriter::tgz() const {
  return gzip(tar());
}

std::string pax_record(std::string_view key, std::string_view value) {
  const std::string rest = ' ' + std::string(key) + '=' + std::string(value) + '\n';
  std::size_t length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) ++length;
  return std::to_string(length) + rest;
}

std::string npm_tarball(std::string_view manifest) {
  return TarWriter().file("package/package.json", manifest).tgz();
}

}  // namespace kontor::test
