// Push inflater over zlib.
#include "archive/gzip_reader.h"

#include "archive/refusal.h"
#include "base/check.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <string>

namespace kontor {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr int kGzipOnly = 15 + 16;  // windowBits: full window, gzip wrapper and no other

}  // namespace

void GzipReader::End::operator()(z_stream_s* z) const {
  inflateEnd(z);
  delete z;
}

GzipReader::GzipReader(const ArchiveLimits& limits) : limits_(limits), buffer_(kPiece, '\0') {
  z_.reset(new z_stream_s{});
  check(inflateInit2(z_.get(), kGzipOnly) == Z_OK, "zlib cannot start");
  z_->next_out = reinterpret_cast<Bytef*>(buffer_.data());
  z_->avail_out = kPiece;
}

Result<void> GzipReader::feed(ByteView packed, ByteSink& out) {
  if (packed.size() > limits_.packed_bytes - packed_)
    return fail(Code::too_large,
                "The archive is larger than " + size_text(limits_.packed_bytes) + ".");
  packed_ += packed.size();
  while (!packed.empty() && !ended_) {
    const std::size_t most = std::numeric_limits<uInt>::max();  // zlib counts input in 32 bits
    const ByteView piece = packed.substr(0, most);
    if (auto done = inflate_piece(piece, out); !done) return fail(done);
    packed.remove_prefix(piece.size() - z_->avail_in);
  }
  return check_trailer(packed);
}

// Returns when `piece` is used up or the member ended; z_->avail_in tells what is left of it.
Result<void> GzipReader::inflate_piece(ByteView piece, ByteSink& out) {
  z_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
  z_->avail_in = static_cast<uInt>(piece.size());
  for (;;) {
    const uInt before = z_->avail_in;
    const int state = inflate(z_.get(), Z_NO_FLUSH);
    consumed_ += before - z_->avail_in;
    if (state == Z_STREAM_END) {
      ended_ = true;
      return {};
    }
    if (state == Z_MEM_ERROR) return fail(Code::unavailable, {}, "zlib is out of memory");
    // Z_BUF_ERROR: the inflater needs more input, which is no error here.
    if (state != Z_OK && state != Z_BUF_ERROR)
      return fail(Code::invalid_archive, "The gzip stream is damaged.",
                  z_->msg ? z_->msg : std::to_string(state));
    if (z_->avail_out > 0) return {};
    if (auto done = flush(out); !done) return fail(done);
  }
}

// Judging only when a piece is full keeps the answer the same however the input is cut.
Result<void> GzipReader::flush(ByteSink& out) {
  const std::size_t size = kPiece - z_->avail_out;
  if (size > limits_.unpacked_bytes - unpacked_)
    return fail(Code::too_large,
                "The archive unpacks to more than " + size_text(limits_.unpacked_bytes) + ".");
  unpacked_ += size;
  if (unpacked_ > limits_.ratio_floor && unpacked_ / std::max(1u, limits_.ratio) > consumed_)
    return fail(Code::too_large, "The archive unpacks to more than " +
                                     std::to_string(limits_.ratio) + " times its size.");
  z_->next_out = reinterpret_cast<Bytef*>(buffer_.data());
  z_->avail_out = kPiece;
  return out.write(ByteView(buffer_).substr(0, size));
}

// Zeros behind the member are padding that tape and block tools add, and every decoder skips them.
// Anything else is refused: some decoders read a second member there and others do not, so that
// two readers would see different files under one checksum.
Result<void> GzipReader::check_trailer(ByteView rest) const {
  if (rest.find_first_not_of('\0') == ByteView::npos) return {};
  return fail(Code::invalid_archive, "There is data behind the end of the gzip stream.");
}

Result<void> GzipReader::finish(ByteSink& out) {
  if (!ended_) return fail(Code::invalid_archive, "The gzip stream is cut short.");
  return flush(out);
}

}  // namespace kontor
