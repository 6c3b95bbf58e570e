// Plain offsets into fixed records; extra fields are a list of (id, size, bytes).
#include "archive/zip_records.h"

#include "archive/refusal.h"

#include <optional>

namespace kontor {
namespace {

constexpr std::uint16_t kZip64 = 0x0001, kUnicodePath = 0x7075;

std::uint64_t number(ByteView bytes, std::size_t at, std::size_t size) {
  std::uint64_t out = 0;
  for (std::size_t i = size; i-- > 0;) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

std::uint16_t u16(ByteView bytes, std::size_t at) {
  return static_cast<std::uint16_t>(number(bytes, at, 2));
}

// What both headers have in the same order from `at` on.
ZipHeader common(ByteView bytes, std::size_t at) {
  ZipHeader out;
  out.needed = u16(bytes, at) & 0xff;
  out.flags = u16(bytes, at + 2);
  out.method = u16(bytes, at + 4);
  out.crc = zip_u32(bytes, at + 10);
  out.packed = zip_u32(bytes, at + 14);
  out.unpacked = zip_u32(bytes, at + 18);
  out.name_size = u16(bytes, at + 22);
  out.extra_size = u16(bytes, at + 24);
  return out;
}

// Each number that does not fit its place stands in the field, in this order.
Result<void> take_big(ZipHeader& header, ByteView name, ByteView field) {
  header.big = true;
  for (auto* place : {&header.unpacked, &header.packed, &header.offset}) {
    if (*place != kZipBig) continue;
    if (field.size() < 8) return refuse_entry(name, "has a zip64 field that is cut short");
    *place = zip_u64(field, 0);
    field.remove_prefix(8);
  }
  return {};
}

// Version, CRC of the name it replaces, the name.
bool names_another(ByteView field, ByteView name) {
  return field.size() < 5 || field.substr(5) != name;
}

}  // namespace

std::uint32_t zip_u32(ByteView bytes, std::size_t at) {
  return static_cast<std::uint32_t>(number(bytes, at, 4));
}

std::uint64_t zip_u64(ByteView bytes, std::size_t at) {
  return number(bytes, at, 8);
}

ZipHeader read_zip_entry(ByteView bytes) {
  return common(bytes, 4);
}

ZipHeader read_zip_listing(ByteView bytes) {
  ZipHeader out = common(bytes, 6);
  out.comment_size = u16(bytes, 32);
  out.disk = u16(bytes, 34);
  out.mode = zip_u32(bytes, 38) >> 16;
  out.offset = zip_u32(bytes, 42);
  return out;
}

ZipEnd read_zip_end(ByteView bytes) {
  return {.entries = u16(bytes, 10),
          .size = zip_u32(bytes, 12),
          .offset = zip_u32(bytes, 16),
          .one_disk = zip_u32(bytes, 4) == 0 && u16(bytes, 8) == u16(bytes, 10),
          .comment_size = u16(bytes, 20)};
}

ZipEnd read_zip_big_end(ByteView bytes) {
  return {.entries = zip_u64(bytes, 32),
          .size = zip_u64(bytes, 40),
          .offset = zip_u64(bytes, 48),
          .one_disk = zip_u64(bytes, 16) == 0 && zip_u64(bytes, 24) == zip_u64(bytes, 32)};
}

Result<void> read_zip_extra(ZipHeader& header, ByteView name, ByteView extra) {
  const auto malformed = [&] { return refuse_entry(name, "has malformed extra fields"); };
  while (!extra.empty()) {
    if (extra.size() < 4) return malformed();
    const auto id = u16(extra, 0), size = u16(extra, 2);
    extra.remove_prefix(4);
    if (size > extra.size()) return malformed();
    const auto field = extra.substr(0, size);
    extra.remove_prefix(size);
    if (id == kZip64 && header.big) return refuse_entry(name, "has two zip64 fields");
    if (id == kZip64)
      if (auto done = take_big(header, name, field); !done) return done;
    if (id == kUnicodePath && names_another(field, name))
      return refuse_entry(name, "has another name in its Unicode field");
  }
  return {};
}

}  // namespace kontor
