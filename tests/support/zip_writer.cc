// Headers from the entry, changed by its lie just before they are written.
#include "tests/support/zip_writer.h"

#include <zlib.h>

namespace kontor::test {
namespace {

std::string little_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i, value >>= 8) out += static_cast<char>(value & 0xff);
  return out;
}

std::string deflated(std::string_view content) {
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, content.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  z.avail_in = static_cast<uInt>(content.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

// What both headers have in the same order.
std::string common(const ZipNumbers& n) {
  return le16(n.needed) + le16(n.flags) + le16(n.method) + le16(0) + le16(0x21) + le32(n.crc) +
         le32(n.packed) + le32(n.unpacked) + le16(n.name.size()) + le16(n.extra.size());
}

}  // namespace

std::string le16(std::uint64_t value) {
  return little_endian(value, 2);
}
std::string le32(std::uint64_t value) {
  return little_endian(value, 4);
}
std::string le64(std::uint64_t value) {
  return little_endian(value, 8);
}

ZipWriter& ZipWriter::file(std::string_view path, std::string_view content) {
  return entry({.name = std::string(path), .content = std::string(content)});
}

ZipWriter& ZipWriter::folder(std::string_view path) {
  return entry({.name = std::string(path) + "/", .content = {}, .stored = true});
}

ZipWriter& ZipWriter::unlisted(std::string_view path, std::string_view content) {
  file(path, content);
  listings_.pop_back();
  return *this;
}

ZipWriter& ZipWriter::entry(const ZipEntry& entry) {
  const auto data = entry.stored ? entry.content : deflated(entry.content);
  const auto* content = reinterpret_cast<const Bytef*>(entry.content.data());
  ZipNumbers header{.name = entry.name};
  header.method = entry.stored ? 0 : 8;
  header.crc = static_cast<std::uint32_t>(crc32_z(0, content, entry.content.size()));
  header.packed = static_cast<std::uint32_t>(data.size());
  header.unpacked = static_cast<std::uint32_t>(entry.content.size());
  header.offset = static_cast<std::uint32_t>(bytes_.size());
  if (entry.name.ends_with('/')) header.mode = 0040755;
  if (entry.streamed) header.flags |= 8;
  ZipNumbers listing = header;
  if (entry.streamed) header.crc = header.packed = header.unpacked = 0;
  if (entry.lie) entry.lie(header, listing);
  bytes_ += "PK\3\4" + common(header) + header.name + header.extra + data;
  if (entry.streamed)
    bytes_ += "PK\7\x8" + le32(listing.crc) + le32(listing.packed) + le32(listing.unpacked);
  bytes_ += entry.behind;
  listings_.push_back(std::move(listing));
  return *this;
}

std::string ZipWriter::directory() const {
  std::string out;
  for (const auto& n : listings_)
    out += "PK\1\2" + le16(0x0314) + common(n) + le16(n.comment.size()) + le16(0) + le16(0) +
           le32(std::uint64_t{n.mode} << 16) + le32(n.offset) + n.name + n.extra + n.comment;
  return out;
}

ZipEndNumbers ZipWriter::end(std::size_t directory_size) const {
  return {.entries = static_cast<std::uint16_t>(listings_.size()),
          .size = static_cast<std::uint32_t>(directory_size),
          .offset = static_cast<std::uint32_t>(bytes_.size())};
}

std::string ZipWriter::zip(const std::function<void(ZipEndNumbers&)>& lie) const {
  const auto listed = directory();
  auto last = end(listed.size());
  if (lie) lie(last);
  return bytes_ + listed + "PK\5\6" + le32(0) + le16(last.entries) + le16(last.entries) +
         le32(last.size) + le32(last.offset) + le16(last.comment.size()) + last.comment;
}

std::string ZipWriter::zip64() const {
  const auto listed = directory();
  const auto count = listings_.size();
  const auto big = "PK\6\6" + le64(44) + le16(45) + le16(45) + le64(0) + le64(count) + le64(count) +
                   le64(listed.size()) + le64(bytes_.size());
  const auto locator = "PK\6\7" + le32(0) + le64(bytes_.size() + listed.size()) + le32(1);
  return bytes_ + listed + big + locator + "PK\5\6" + le32(0) + le16(0xffff) + le16(0xffff) +
         le32(0xffffffff) + le32(0xffffffff) + le16(0);
}

}  // namespace kontor::test
