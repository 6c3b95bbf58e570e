#pragma once
// Push inflater of one raw deflate stream (RFC 1951), as ZIP entries hold it.
#include "base/byte_sink.h"
#include "base/bytes.h"
#include "base/error.h"

#include <memory>

struct z_stream_s;  // zlib's state

namespace kontor {

// Memory: about 110 KiB. Which error is met does not depend on how the stream is cut.
class RawInflater {
 public:
  RawInflater();

  // For the next stream.
  void restart();
  // Pushes what `packed` unpacks to, in pieces of at most 64 KiB; yields how much of `packed`
  // belongs to the stream. invalid_archive where it is damaged; errors of `out` are passed on.
  Result<std::size_t> feed(ByteView packed, ByteSink& out);
  bool ended() const { return ended_; }
  bool damaged() const { return damaged_; }  // and not refused by `out`

 private:
  struct End {
    void operator()(z_stream_s* z) const;
  };
  std::unique_ptr<z_stream_s, End> z_;
  Bytes buffer_;
  bool ended_ = false;
  bool damaged_ = false;
};

}  // namespace kontor
