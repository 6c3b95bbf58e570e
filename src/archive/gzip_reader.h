#pragma once
// Push inflater of one gzip member (RFC 1952) under limits: packed and unpacked size, and ratio.
#include "base/byte_sink.h"
#include "base/bytes.h"
#include "base/error.h"
#include "domain/archive_limits.h"

#include <cstdint>
#include <memory>

struct z_stream_s;  // zlib's state

namespace kontor {

// After an error the reader may only be destroyed. Errors are invalid_archive, or too_large for a
// limit; they do not depend on how the stream was cut into pieces.
class GzipReader {
 public:
  explicit GzipReader(const ArchiveLimits& limits);

  // Inflates `packed` and pushes pieces of at most 64 KiB to `out`. What does not fill a piece is
  // held back until it does, or until finish().
  Result<void> feed(ByteView packed, ByteSink& out);

  // Pushes what was held back. Fails where the member is cut short. The gzip checksum and length
  // were verified when its last byte came.
  Result<void> finish(ByteSink& out);

  std::uint64_t packed_size() const { return packed_; }

 private:
  struct End {
    void operator()(z_stream_s* z) const;
  };

  Result<void> inflate_piece(ByteView piece, ByteSink& out);
  Result<void> flush(ByteSink& out);
  Result<void> check_trailer(ByteView rest) const;

  ArchiveLimits limits_;
  std::unique_ptr<z_stream_s, End> z_;
  Bytes buffer_;
  std::uint64_t packed_ = 0;    // fed
  std::uint64_t consumed_ = 0;  // of that, read by the inflater
  std::uint64_t unpacked_ = 0;  // pushed
  bool ended_ = false;
};

}  // namespace kontor
