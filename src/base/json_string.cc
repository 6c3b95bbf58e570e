// Inside of a JSON string.
#include "base/json_string.h"

#include <cstring>
#include <string>

namespace kontor {
namespace {

// Bytes that stand for themselves in a checked string: ASCII but quote, backslash and controls.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (int c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

constexpr std::uint64_t repeat(unsigned char c) {
  return c * 0x0101010101010101ull;
}

// True where one of the eight bytes is `c`.
bool has_byte(std::uint64_t word, unsigned char c) {
  const std::uint64_t x = word ^ repeat(c);
  return ((x - repeat(0x01)) & ~x & repeat(0x80)) != 0;
}

// Bytes before the first quote or backslash, eight at a time.
std::size_t run_to_mark(ByteView bytes) {
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    if (has_byte(word, '"') || has_byte(word, '\\')) break;
  }
  while (i < bytes.size() && bytes[i] != '"' && bytes[i] != '\\') ++i;
  return i;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::unexpected<Error> bad_json(std::string_view what, std::uint64_t at) {
  std::string text = "Invalid JSON: ";
  text += what;
  return fail(Code::invalid_json, text + " at byte " + std::to_string(at) + ".");
}

void JsonString::begin(JsonText mode, ByteSink* out) {
  *this = JsonString();
  mode_ = mode;
  out_ = mode == JsonText::keep ? nullptr : out;
}

Result<bool> JsonString::feed(ByteView& bytes, std::uint64_t at) {
  const std::size_t size = bytes.size();
  while (!bytes.empty()) {
    if (state_ == State::plain && need_ == 0) {
      const std::size_t run = plain_run(bytes);
      if (auto done = emit(bytes.substr(0, run)); !done) return fail(done);
      bytes.remove_prefix(run);
      if (bytes.empty()) break;
    }
    const char c = bytes.front();
    const std::uint64_t here = at + (size - bytes.size());
    bytes.remove_prefix(1);
    if (state_ != State::plain) {
      if (auto problem = take_escape(c); !problem.empty()) return bad_json(problem, here);
      const ByteView text(decoded_.data(), decoded_size_);
      decoded_size_ = 0;
      if (auto done = emit(text); !done) return fail(done);
    } else if (c == '"' && need_ == 0) {
      return true;
    } else if (c == '\\' && need_ == 0) {
      state_ = State::escape;
    } else if (!take_utf8(static_cast<unsigned char>(c))) {
      const bool control = static_cast<unsigned char>(c) < 0x20 && need_ == 0;
      return bad_json(control ? "a control character in a string" : "invalid UTF-8", here);
    } else if (auto done = emit(ByteView(&c, 1)); !done) {
      return fail(done);
    }
  }
  return false;
}

std::size_t JsonString::plain_run(ByteView bytes) const {
  if (mode_ == JsonText::opaque) return run_to_mark(bytes);
  std::size_t i = 0;
  while (i < bytes.size() && kPlain[static_cast<unsigned char>(bytes[i])]) ++i;
  return i;
}

// A byte that is not ASCII, or any byte within a sequence. The ranges keep out overlong forms,
// surrogates and values above U+10FFFF (Unicode table 3-7).
bool JsonString::take_utf8(unsigned char c) {
  if (need_ > 0) {
    if (c < low_ || c > high_) return false;
    --need_;
    low_ = 0x80;
    high_ = 0xbf;
    return true;
  }
  if (c < 0xc2 || c > 0xf4) return false;
  need_ = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
  low_ = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
  high_ = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
  return true;
}

// The next byte of an escape; returns what is wrong with it, or nothing.
std::string_view JsonString::take_escape(char c) {
  if (state_ == State::hex) return take_hex(c);
  if (state_ == State::low_backslash) {
    if (c != '\\') return "an unpaired surrogate";
    state_ = State::low_u;
    return {};
  }
  if (c == 'u') {
    state_ = State::hex;
    digits_ = 4;
    unit_ = 0;
    return {};
  }
  if (state_ == State::low_u) return "an unpaired surrogate";
  constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  const auto which = kLetters.find(c);
  if (which == std::string_view::npos) return "an unknown escape";
  state_ = State::plain;
  put(static_cast<unsigned char>(kMeanings[which]));
  return {};
}

std::string_view JsonString::take_hex(char c) {
  const int value = hex_value(c);
  if (value < 0) return "an unknown escape";
  unit_ = unit_ << 4 | static_cast<std::uint32_t>(value);
  return --digits_ > 0 ? std::string_view() : take_unit();
}

// A whole \uXXXX.
std::string_view JsonString::take_unit() {
  const bool is_high = unit_ >= 0xd800 && unit_ <= 0xdbff;
  const bool is_low = unit_ >= 0xdc00 && unit_ <= 0xdfff;
  if (is_low != (high_surrogate_ != 0)) return "an unpaired surrogate";
  if (is_high) {
    high_surrogate_ = unit_;
    state_ = State::low_backslash;
    return {};
  }
  put(is_low ? 0x10000 + ((high_surrogate_ - 0xd800) << 10) + (unit_ - 0xdc00) : unit_);
  high_surrogate_ = 0;
  state_ = State::plain;
  return {};
}

void JsonString::put(std::uint32_t point) {
  if (point < 0x80) {
    decoded_[0] = static_cast<char>(point);
    decoded_size_ = 1;
    return;
  }
  decoded_size_ = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  for (int i = decoded_size_ - 1; i > 0; --i, point >>= 6)
    decoded_[i] = static_cast<char>(0x80 | (point & 0x3f));
  constexpr std::uint32_t kLead[] = {0, 0, 0xc0, 0xe0, 0xf0};
  decoded_[0] = static_cast<char>(kLead[decoded_size_] | point);
}

Result<void> JsonString::emit(ByteView text) {
  if (!out_ || text.empty()) return {};
  return out_->write(text);
}

}  // namespace kontor
