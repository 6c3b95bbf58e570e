// Decoding of UTF-8 and the character classes of JSON5.
#include "domain/json5_cursor.h"

#include "base/encoding.h"

namespace kontor {
namespace {

constexpr char32_t kByteOrderMark = 0xFEFF;

// Length of the UTF-8 sequence that a byte begins, 0 where it begins none.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
}

}  // namespace

Json5Cursor::Json5Cursor(std::string_view text, std::uint32_t first_line)
    : text_(text), position_{.line = first_line} {
  decode();
}

void Json5Cursor::decode() {
  current_ = kEnd;
  size_ = 0;
  if (at_ == text_.size()) return;
  auto lead = static_cast<unsigned char>(text_[at_]);
  auto length = sequence_length(lead);
  if (length == 0 || length > text_.size() - at_ || !is_utf8(text_.substr(at_, length))) {
    malformed_ = true;
    return;
  }
  size_ = length;
  if (length == 1) {
    current_ = lead;
    return;
  }
  current_ = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i)
    current_ = (current_ << 6) | (static_cast<unsigned char>(text_[at_ + i]) & 0x3FU);
}

void Json5Cursor::advance() {
  if (current_ == kEnd) return;
  auto passed = current_;
  bool first = at_ == 0;
  at_ += size_;
  decode();
  if (is_json5_line_end(passed) && !(passed == '\r' && current_ == '\n')) {
    ++position_.line;
    position_.column = 1;
  } else if (!(first && passed == kByteOrderMark)) {
    ++position_.column;
  }
}

bool Json5Cursor::take(char32_t expected) {
  if (current_ != expected) return false;
  advance();
  return true;
}

bool is_json5_line_end(char32_t c) {
  return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

bool is_json5_space(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= '\t' && c <= '\r');
  return is_json5_line_end(c) || c == 0xA0 || c == kByteOrderMark || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}

int json5_hex_digit(char32_t c) {
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<int>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<int>(c - 'A') + 10;
  return -1;
}

void append_utf8(std::string& out, char32_t c) {
  auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace kontor
