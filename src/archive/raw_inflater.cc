// What was unpacked before a fault is pushed before the fault is told.
#include "archive/raw_inflater.h"

#include "base/check.h"

#include <zlib.h>

#include <limits>
#include <string>

namespace kontor {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr int kRaw = -15;  // windowBits: full window, no wrapper

}  // namespace

void RawInflater::End::operator()(z_stream_s* z) const {
  inflateEnd(z);
  delete z;
}

RawInflater::RawInflater() : buffer_(kPiece, '\0') {
  z_.reset(new z_stream_s{});
  check(inflateInit2(z_.get(), kRaw) == Z_OK, "zlib cannot start");
}

void RawInflater::restart() {
  check(inflateReset(z_.get()) == Z_OK, "zlib cannot start again");
  ended_ = false;
}

Result<std::size_t> RawInflater::feed(ByteView packed, ByteSink& out) {
  packed = packed.substr(0, std::numeric_limits<uInt>::max());  // zlib counts input in 32 bits
  z_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  z_->avail_in = static_cast<uInt>(packed.size());
  for (;;) {
    z_->next_out = reinterpret_cast<Bytef*>(buffer_.data());
    z_->avail_out = kPiece;
    const int state = inflate(z_.get(), Z_NO_FLUSH);
    const auto size = kPiece - z_->avail_out;
    if (size > 0)
      if (auto done = out.write(ByteView(buffer_).substr(0, size)); !done) return fail(done);
    if (state == Z_MEM_ERROR) return fail(Code::unavailable, {}, "zlib is out of memory");
    ended_ = state == Z_STREAM_END;
    // Z_BUF_ERROR: the inflater needs more input, which is no error here.
    damaged_ = !ended_ && state != Z_OK && state != Z_BUF_ERROR;
    if (damaged_)
      return fail(Code::invalid_archive, "A deflate stream is damaged.",
                  z_->msg ? z_->msg : std::to_string(state));
    if (ended_ || z_->avail_out > 0) return packed.size() - z_->avail_in;
  }
}

}  // namespace kontor
