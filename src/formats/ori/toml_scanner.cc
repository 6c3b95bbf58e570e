// Every function leaves the scanner behind what it has read, or fails.
#include "formats/ori/toml_scanner.h"

#include "base/encoding.h"

#include <algorithm>
#include <cstdint>

namespace kontor::ori {
namespace {

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  if (c >= 0x10000) {
    out += static_cast<char>(0xf0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
  } else if (c >= 0x800) {
    out += static_cast<char>(0xe0 | (c >> 12));
  } else {
    out += static_cast<char>(0xc0 | (c >> 6));
  }
  if (c >= 0x800) out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
  out += static_cast<char>(0x80 | (c & 0x3f));
}

}  // namespace

std::unexpected<Error> TomlScanner::fail_here(std::string_view what) const {
  const auto read = text_.substr(0, std::min(at_, text_.size()));
  const auto line = std::ranges::count(read, '\n') + 1;
  return fail(Code::bad_request, "line " + std::to_string(line) + ": " + std::string(what));
}

bool TomlScanner::take(char c) {
  if (peek() != c || at_end()) return false;
  ++at_;
  return true;
}

bool TomlScanner::take(std::string_view word) {
  if (!text_.substr(at_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

bool TomlScanner::at_line_end() const {
  return at_end() || peek() == '\n' || text_.substr(at_).starts_with("\r\n");
}

bool TomlScanner::take_line_end() {
  return take("\r\n") || take('\n');
}

void TomlScanner::skip_blanks() {
  while (peek() == ' ' || peek() == '\t') ++at_;
}

Result<void> TomlScanner::skip_comment() {
  if (peek() != '#') return {};
  for (; !at_line_end(); ++at_)
    if (is_control(text_[at_])) return fail_here("a control character in a comment");
  return {};
}

Result<void> TomlScanner::skip_lines() {
  do {
    skip_blanks();
    if (auto done = skip_comment(); !done) return done;
  } while (take_line_end());
  return {};
}

Result<void> TomlScanner::end_line() {
  skip_blanks();
  if (auto done = skip_comment(); !done) return done;
  if (at_end() || take_line_end()) return {};
  return fail_here("unexpected text at the end of the line");
}

Result<std::vector<std::string>> TomlScanner::key() {
  std::vector<std::string> parts;
  do {
    skip_blanks();
    auto part = key_part();
    if (!part) return fail(part);
    parts.push_back(std::move(*part));
    skip_blanks();
  } while (take('.'));
  return parts;
}

Result<std::string> TomlScanner::key_part() {
  if (peek() == '"' || peek() == '\'') {
    if (text_.substr(at_).starts_with("\"\"\"") || text_.substr(at_).starts_with("'''"))
      return fail_here("a key cannot be a text of several lines");
    return string();
  }
  const auto begin = at_;
  const bool scoped = take('@');
  while (is_bare(peek()) || (scoped && peek() == '/')) ++at_;
  if (at_ == begin) return fail_here("a key is missing");
  return std::string(text_.substr(begin, at_ - begin));
}

std::string_view TomlScanner::word() {
  const auto begin = at_;
  while (!at_line_end() && !std::string_view(" \t,]}#=").contains(peek())) ++at_;
  return text_.substr(begin, at_ - begin);
}

Result<std::string> TomlScanner::string() {
  if (take("\"\"\"")) return basic(true);
  if (take("'''")) return literal(true);
  if (take('"')) return basic(false);
  if (take('\'')) return literal(false);
  return fail_here("a text in quotes is missing");
}

Result<std::string> TomlScanner::basic(bool many_lines) {
  std::string out;
  if (many_lines) take_line_end();
  while (!at_end()) {
    if (many_lines && take("\"\"\"")) {
      for (int i = 0; i < 2 && take('"'); ++i) out += '"';  // up to two quotes may stand before
      return out;
    }
    if (!many_lines && take('"')) return out;
    if (take('\\')) {
      if (auto done = escape(out, many_lines); !done) return fail(done);
      continue;
    }
    if (at_line_end() && !many_lines) break;
    if (take_line_end()) {
      out += '\n';
      continue;
    }
    if (is_control(peek())) return fail_here("a control character in a text");
    out += text_[at_++];
  }
  return fail_here("a text without an end");
}

Result<std::string> TomlScanner::literal(bool many_lines) {
  std::string out;
  if (many_lines) take_line_end();
  while (!at_end()) {
    if (many_lines && take("'''")) {
      for (int i = 0; i < 2 && take('\''); ++i) out += '\'';
      return out;
    }
    if (!many_lines && take('\'')) return out;
    if (at_line_end() && !many_lines) break;
    if (take_line_end()) {
      out += '\n';
      continue;
    }
    if (is_control(peek())) return fail_here("a control character in a text");
    out += text_[at_++];
  }
  return fail_here("a text without an end");
}

Result<void> TomlScanner::escape(std::string& out, bool many_lines) {
  constexpr std::string_view kLetters = "btnfr\"\\", kMeant = "\b\t\n\f\r\"\\";
  if (take('u')) return unicode(out, 4);
  if (take('U')) return unicode(out, 8);
  const auto letter = at_end() ? kLetters.npos : kLetters.find(peek());
  if (letter != kLetters.npos) {
    ++at_;
    out += kMeant[letter];
    return {};
  }
  // A backslash at the end of a line takes all blanks and line ends up to the next character.
  const auto begin = at_;
  skip_blanks();
  if (!many_lines || !take_line_end()) {
    at_ = begin;
    return fail_here("an unknown escape in a text");
  }
  do skip_blanks();
  while (take_line_end());
  return {};
}

Result<void> TomlScanner::unicode(std::string& out, std::size_t digits) {
  const auto raw = from_hex(text_.substr(at_, digits));
  if (!raw || raw->size() * 2 != digits) return fail_here("a wrong escape in a text");
  std::uint32_t c = 0;
  for (const char byte : *raw) c = c << 8 | static_cast<unsigned char>(byte);
  if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return fail_here("an escape of no character");
  at_ += digits;
  append_utf8(out, c);
  return {};
}

}  // namespace kontor::ori
