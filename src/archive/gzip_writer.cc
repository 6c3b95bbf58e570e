// One-shot gzip over zlib.
#include "archive/gzip_writer.h"

#include "archive/gzip_reader.h"
#include "base/byte_sink.h"
#include "base/check.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace kontor {
namespace {

constexpr int kGzipOnly = 15 + 16;
constexpr int kMemoryLevel = 8;

class Collector final : public ByteSink {
 public:
  Result<void> write(ByteView piece) override {
    bytes += piece;
    return {};
  }
  Bytes bytes;
};

// Deflates `bytes` to `out`, which has room for the bound that zlib stated.
void run(z_stream& z, ByteView bytes, Bytes& out) {
  const std::size_t most = std::numeric_limits<uInt>::max();
  std::size_t made = 0;
  for (int state = Z_OK; state != Z_STREAM_END;) {
    const std::size_t in = std::min(bytes.size(), most), room = std::min(out.size() - made, most);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(in);
    z.next_out = reinterpret_cast<Bytef*>(out.data() + made);
    z.avail_out = static_cast<uInt>(room);
    state = deflate(&z, in == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    check(state == Z_OK || state == Z_STREAM_END, "zlib cannot deflate");
    bytes.remove_prefix(in - z.avail_in);
    made += room - z.avail_out;
  }
  out.resize(made);
}

}  // namespace

Bytes gzip(ByteView bytes, int level) {
  z_stream z{};
  check(deflateInit2(&z, level, Z_DEFLATED, kGzipOnly, kMemoryLevel, Z_DEFAULT_STRATEGY) == Z_OK,
        "zlib cannot start");
  gz_header header{};
  header.os = 255;  // unknown, whatever the build runs on
  check(deflateSetHeader(&z, &header) == Z_OK, "zlib refuses the header");
  Bytes out(deflateBound(&z, static_cast<uLong>(bytes.size())), '\0');
  run(z, bytes, out);
  deflateEnd(&z);
  return out;
}

Result<Bytes> gunzip(ByteView packed, std::uint64_t max_bytes) {
  const ArchiveLimits limits{
      .packed_bytes = packed.size(), .unpacked_bytes = max_bytes, .ratio_floor = max_bytes};
  GzipReader reader(limits);
  Collector out;
  auto done = reader.feed(packed, out);
  if (done) done = reader.finish(out);
  if (done) return std::move(out.bytes);
  if (done.error().code == Code::too_large)
    return fail(Code::too_large,
                "The unpacked body is larger than " + std::to_string(max_bytes) + " bytes.");
  if (done.error().code != Code::invalid_archive) return fail(done);
  return fail(Code::bad_request, "The body is not one whole gzip stream.", done.error().detail);
}

}  // namespace kontor
