// RFC 1952 around RFC 1951: a header, the parts, an empty last block, the checksum of all texts.
#include "archive/gzip_parts.h"

#include "base/check.h"

#include <zlib.h>

#include <limits>

namespace kontor {
namespace {

constexpr int kRaw = -15;  // windowBits: full window, no wrapper
constexpr int kMemoryLevel = 8;
constexpr std::size_t kFlushBytes = 16;  // more than an empty stored block takes
// No name, no time, an unknown system: equal texts give equal bytes.
constexpr ByteView kHeader("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
constexpr ByteView kLastBlock("\x03\0", 2);

void append_little(Bytes& out, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift);
}

}  // namespace

GzipPart gzip_part(ByteView text, int level) {
  check(text.size() < std::numeric_limits<uInt>::max(), "a part of a document is too large");
  z_stream z{};
  check(deflateInit2(&z, level, Z_DEFLATED, kRaw, kMemoryLevel, Z_DEFAULT_STRATEGY) == Z_OK,
        "zlib cannot start");
  GzipPart part;
  part.deflated.resize(deflateBound(&z, static_cast<uLong>(text.size())) + kFlushBytes);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(part.deflated.data());
  z.avail_out = static_cast<uInt>(part.deflated.size());
  check(deflate(&z, Z_SYNC_FLUSH) == Z_OK && z.avail_out > 0, "zlib cannot deflate");
  part.deflated.resize(part.deflated.size() - z.avail_out);
  part.deflated.shrink_to_fit();
  deflateEnd(&z);
  const auto* bytes = reinterpret_cast<const Bytef*>(text.data());
  part.crc = static_cast<std::uint32_t>(crc32_z(0, bytes, text.size()));
  part.size = text.size();
  return part;
}

GzipJoiner::GzipJoiner(std::size_t deflated_bytes) {
  out_.reserve(deflated_bytes + kHeader.size() + kLastBlock.size() + 8);
  out_ += kHeader;
}

void GzipJoiner::add(const GzipPart& part) {
  out_ += part.deflated;
  crc_ = static_cast<std::uint32_t>(crc32_combine(crc_, part.crc, static_cast<z_off_t>(part.size)));
  size_ += part.size;
}

Bytes GzipJoiner::finish() && {
  out_ += kLastBlock;
  append_little(out_, crc_);
  append_little(out_, static_cast<std::uint32_t>(size_));
  return std::move(out_);
}

}  // namespace kontor
