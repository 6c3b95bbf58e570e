// One state per position in the grammar; payload is moved in runs, everything else byte by byte.
#include "adapters/asio/chunked_decoder.h"

#include <algorithm>
#include <cstring>

namespace kontor::net {
namespace {

constexpr std::uint32_t kMaxSizeDigits = 15;  // no overflow of 64 bits
constexpr std::uint32_t kMaxExtensionBytes = 256;
constexpr std::uint32_t kMaxTrailerBytes = 8 * 1024;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_text(char c) {
  const auto u = static_cast<unsigned char>(c);
  return (u >= 0x20 && u != 0x7f) || c == '\t';
}

}  // namespace

bool ChunkedDecoder::end_of_size(char c) {
  overhead_ = 0;
  if (c == '\r')
    state_ = State::size_lf;
  else if (c == ';')
    state_ = State::extension;
  else
    return false;
  return true;
}

bool ChunkedDecoder::control(char c) {
  switch (state_) {
    case State::size_first:
    case State::size: {
      const int digit = hex_digit(c);
      if (digit < 0) return state_ == State::size && end_of_size(c);
      if (state_ == State::size_first) left_ = digits_ = 0;
      if (++digits_ > kMaxSizeDigits) return false;
      left_ = left_ << 4 | static_cast<std::uint64_t>(digit);
      state_ = State::size;
      return true;
    }
    case State::extension:
      if (c == '\r')
        state_ = State::size_lf;
      else if (!is_text(c) || ++overhead_ > kMaxExtensionBytes)
        return false;
      return true;
    case State::size_lf:
      overhead_ = 0;
      state_ = left_ > 0 ? State::data : State::trailer_first;
      return c == '\n';
    case State::data_cr:
      state_ = State::data_lf;
      return c == '\r';
    case State::data_lf:
      state_ = State::size_first;
      return c == '\n';
    case State::trailer_first:
      if (c == '\r') {
        state_ = State::last_lf;
        return true;
      }
      state_ = State::trailer;
      return is_text(c) && c != ' ' && c != '\t';
    case State::trailer:
      if (c == '\r')
        state_ = State::trailer_lf;
      else if (!is_text(c) || ++overhead_ > kMaxTrailerBytes)
        return false;
      return true;
    case State::trailer_lf:
      state_ = State::trailer_first;
      return c == '\n';
    case State::last_lf:
      state_ = State::done;
      return c == '\n';
    case State::data:
    case State::done:
      break;
  }
  return false;
}

Result<ChunkedDecoder::Step> ChunkedDecoder::decode(std::span<char> bytes) {
  Step step;
  while (step.consumed < bytes.size() && state_ != State::done) {
    if (state_ != State::data) {
      if (!control(bytes[step.consumed++]))
        return fail(Code::bad_request, "The chunked body is malformed.");
      continue;
    }
    const auto run =
        static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - step.consumed));
    std::memmove(bytes.data() + step.produced, bytes.data() + step.consumed, run);
    step.consumed += run;
    step.produced += run;
    left_ -= run;
    if (left_ == 0) state_ = State::data_cr;
  }
  step.done = state_ == State::done;
  return step;
}

}  // namespace kontor::net
