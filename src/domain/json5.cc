// A recursive descent over the grammar of JSON5. Each step returns false after it has noted the
// first error; depth and number of values are counted before anything is built.
#include "domain/json5.h"

#include "domain/json5_cursor.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace kontor {
namespace {

constexpr auto kEnd = Json5Cursor::kEnd;

bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

class Parser {
 public:
  Parser(std::string_view text, const Json5Limits& limits)
      : cursor_(text, limits.first_line), limits_(limits) {}

  bool document(Json5Value& out) {
    if (!space() || !value(out) || !space()) return false;
    return cursor_.peek() == kEnd && !cursor_.malformed() ? true : fail("expected nothing more");
  }
  Json5Error error() { return std::move(error_); }

 private:
  bool fail(std::string_view message) { return fail_at(cursor_.position(), message); }
  bool fail_at(Json5Position position, std::string_view message);
  bool space();
  bool comment();
  bool value(Json5Value& out);
  bool object(Json5Value& out);
  bool array(Json5Value& out);
  bool word(Json5Value& out);
  bool number(Json5Value& out);
  bool decimal(std::string& digits);
  bool hexadecimal(std::string& digits);
  bool name(std::string& out);
  bool name_character(std::string& out);
  bool string(std::string& out);
  bool escape(Json5Position start, std::string& out);
  bool hex_escape(int digits, char32_t& out);
  bool unicode_escape(Json5Position start, std::string& out);

  Json5Cursor cursor_;
  const Json5Limits& limits_;
  std::uint32_t depth_ = 0;
  std::uint32_t values_ = 0;
  Json5Error error_;
};

bool Parser::fail_at(Json5Position position, std::string_view message) {
  error_ = {std::string(message), position};
  if (position != cursor_.position()) return false;
  if (cursor_.malformed())
    error_.message = "the bytes here are not UTF-8";
  else if (cursor_.peek() == kEnd)
    error_.message += ", but the text ends";
  return false;
}

bool Parser::space() {
  for (;;) {
    if (is_json5_space(cursor_.peek())) {
      cursor_.advance();
    } else if (cursor_.peek() == '/') {
      if (!comment()) return false;
    } else {
      return true;
    }
  }
}

bool Parser::comment() {
  auto start = cursor_.position();
  cursor_.advance();
  if (cursor_.take('/')) {
    while (cursor_.peek() != kEnd && !is_json5_line_end(cursor_.peek())) cursor_.advance();
    return true;
  }
  if (!cursor_.take('*')) return fail_at(start, "expected a comment (// or /*)");
  for (bool star = false; cursor_.peek() != kEnd; cursor_.advance()) {
    if (star && cursor_.take('/')) return true;
    star = cursor_.peek() == '*';
  }
  return cursor_.malformed() ? fail("") : fail_at(start, "this comment is never closed");
}

bool Parser::value(Json5Value& out) {
  if (++values_ > limits_.max_values) return fail("too many values");
  out.position = cursor_.position();
  auto c = cursor_.peek();
  if (c == '{' || c == '[') {
    if (++depth_ > limits_.max_depth) return fail("nested too deeply");
    if (!(c == '{' ? object(out) : array(out))) return false;
    --depth_;
    return true;
  }
  if (c == '"' || c == '\'') {
    out.kind = Json5Kind::string;
    return string(out.string);
  }
  if (is_digit(c) || c == '.' || c == '+' || c == '-') return number(out);
  return word(out);
}

bool Parser::object(Json5Value& out) {
  out.kind = Json5Kind::object;
  cursor_.advance();
  for (;;) {
    if (!space()) return false;
    if (cursor_.take('}')) return true;
    auto& member = out.members.emplace_back();
    member.position = cursor_.position();
    if (!name(member.name) || !space()) return false;
    if (!cursor_.take(':')) return fail("expected ':'");
    if (!space() || !value(member.value) || !space()) return false;
    if (cursor_.take('}')) return true;
    if (!cursor_.take(',')) return fail("expected ',' or '}'");
  }
}

bool Parser::array(Json5Value& out) {
  out.kind = Json5Kind::array;
  cursor_.advance();
  for (;;) {
    if (!space()) return false;
    if (cursor_.take(']')) return true;
    if (!value(out.items.emplace_back()) || !space()) return false;
    if (cursor_.take(']')) return true;
    if (!cursor_.take(',')) return fail("expected ',' or ']'");
  }
}

// null, true, false, Infinity, NaN; the last two also stand after a sign.
bool Parser::word(Json5Value& out) {
  auto start = cursor_.position();
  std::string text;
  while (is_json5_name_part(cursor_.peek())) {
    text += cursor_.bytes();
    cursor_.advance();
  }
  if (text.empty()) return fail("expected a value");
  if (text == "Infinity" || text == "NaN") {
    out.kind = Json5Kind::number;
    out.number = text == "NaN" ? std::numeric_limits<double>::quiet_NaN()
                               : std::numeric_limits<double>::infinity();
    return true;
  }
  if (text == "true" || text == "false") out.kind = Json5Kind::boolean;
  out.boolean = text == "true";
  if (text == "null" || out.kind == Json5Kind::boolean) return true;
  return fail_at(start, "expected a value; strings need quotes");
}

bool Parser::number(Json5Value& out) {
  auto start = cursor_.position();
  bool negative = cursor_.peek() == '-';
  if (negative || cursor_.peek() == '+') cursor_.advance();
  std::string digits;
  auto format = std::chars_format::general;
  if (cursor_.peek() == 'I' || cursor_.peek() == 'N') {
    if (!word(out)) return false;
  } else {
    auto rest = cursor_.rest();
    bool hex = rest.starts_with("0x") || rest.starts_with("0X");
    if (!(hex ? hexadecimal(digits) : decimal(digits))) return false;
    if (hex) format = std::chars_format::hex;
    if (is_json5_name_start(cursor_.peek()))
      return fail("expected the end of the number; a number with a unit needs quotes");
    out.kind = Json5Kind::number;
    auto* end = digits.data() + digits.size();
    auto read = std::from_chars(digits.data(), end, out.number, format);
    if (read.ec != std::errc{} || read.ptr != end)
      return fail_at(start, "this number is out of range");
  }
  if (negative) out.number = -out.number;
  return true;
}

bool Parser::decimal(std::string& digits) {
  auto run = [&] {
    auto before = digits.size();
    for (; is_digit(cursor_.peek()); cursor_.advance()) digits += static_cast<char>(cursor_.peek());
    return digits.size() > before;
  };
  bool whole = true;
  if (cursor_.take('0')) {
    digits += '0';
    if (is_digit(cursor_.peek())) return fail("expected the end of the number after its first 0");
  } else {
    whole = run();
  }
  if (cursor_.take('.')) {
    if (!whole) digits += '0';
    digits += '.';
    bool fraction = run();
    if (!whole && !fraction) return fail("expected a digit");
    if (!fraction) digits += '0';
  } else if (!whole) {
    return fail("expected a digit");
  }
  if (cursor_.peek() != 'e' && cursor_.peek() != 'E') return true;
  cursor_.advance();
  digits += 'e';
  if (cursor_.peek() == '+' || cursor_.peek() == '-') {
    digits += static_cast<char>(cursor_.peek());
    cursor_.advance();
  }
  return run() ? true : fail("expected a digit");
}

bool Parser::hexadecimal(std::string& digits) {
  cursor_.advance();
  cursor_.advance();
  for (; json5_hex_digit(cursor_.peek()) >= 0; cursor_.advance())
    digits += static_cast<char>(cursor_.peek());
  return digits.empty() ? fail("expected a hexadecimal digit") : true;
}

bool Parser::name(std::string& out) {
  if (cursor_.peek() == '"' || cursor_.peek() == '\'') return string(out);
  if (cursor_.peek() != '\\' && !is_json5_name_start(cursor_.peek()))
    return fail("expected a name or '}'");
  while (cursor_.peek() == '\\' || is_json5_name_part(cursor_.peek()))
    if (!name_character(out)) return false;
  return true;
}

bool Parser::name_character(std::string& out) {
  auto start = cursor_.position();
  if (!cursor_.take('\\')) {
    out += cursor_.bytes();
    cursor_.advance();
    return true;
  }
  char32_t c = 0;
  if (!cursor_.take('u')) return fail("expected 'u' and four hexadecimal digits");
  if (!hex_escape(4, c)) return false;
  if (!(out.empty() ? is_json5_name_start(c) : is_json5_name_part(c)))
    return fail_at(start, "this character cannot stand in a name without quotes");
  append_utf8(out, c);
  return true;
}

bool Parser::string(std::string& out) {
  auto start = cursor_.position();
  auto quote = cursor_.peek();
  cursor_.advance();
  while (!cursor_.take(quote)) {
    auto c = cursor_.peek();
    if (c == kEnd && !cursor_.malformed()) return fail_at(start, "this string is never closed");
    if (c == kEnd || c == '\n' || c == '\r')
      return fail("expected the closing quote; end the line with \\ to continue the string");
    auto here = cursor_.position();
    if (cursor_.take('\\')) {
      if (!escape(here, out)) return false;
    } else {
      out += cursor_.bytes();
      cursor_.advance();
    }
  }
  return true;
}

bool Parser::escape(Json5Position start, std::string& out) {
  auto c = cursor_.peek();
  if (c == kEnd) return fail("expected an escaped character");
  if (c >= '1' && c <= '9') return fail("there is no such escape; octal escapes do not exist");
  cursor_.advance();
  if (c == 'u') return unicode_escape(start, out);
  if (c == 'x') {
    char32_t decoded = 0;
    if (!hex_escape(2, decoded)) return false;
    append_utf8(out, decoded);
    return true;
  }
  if (c == '\r') cursor_.take('\n');
  if (is_json5_line_end(c)) return true;
  if (c == '0' && is_digit(cursor_.peek()))
    return fail("there is no such escape; octal escapes do not exist");
  static constexpr std::string_view kLetters = "bfnrtv0";
  static constexpr std::string_view kMeanings("\b\f\n\r\t\v\0", 7);
  auto letter = c < 0x80 ? kLetters.find(static_cast<char>(c)) : kLetters.npos;
  if (letter == kLetters.npos)
    append_utf8(out, c);
  else
    out += kMeanings[letter];
  return true;
}

bool Parser::hex_escape(int digits, char32_t& out) {
  out = 0;
  for (int i = 0; i < digits; ++i, cursor_.advance()) {
    auto digit = json5_hex_digit(cursor_.peek());
    if (digit < 0) return fail("expected a hexadecimal digit");
    out = out * 16 + static_cast<char32_t>(digit);
  }
  return true;
}

bool Parser::unicode_escape(Json5Position start, std::string& out) {
  char32_t c = 0;
  if (!hex_escape(4, c)) return false;
  bool high = c >= 0xD800 && c <= 0xDBFF;
  if (high) {
    char32_t low = 0;
    if (cursor_.take('\\') && cursor_.take('u') && !hex_escape(4, low)) return false;
    if (low < 0xDC00 || low > 0xDFFF) return fail_at(start, "this surrogate lacks its other half");
    c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
  } else if (c >= 0xDC00 && c <= 0xDFFF) {
    return fail_at(start, "this surrogate lacks its other half");
  }
  append_utf8(out, c);
  return true;
}

}  // namespace

std::expected<Json5Value, Json5Error> parse_json5(std::string_view text,
                                                  const Json5Limits& limits) {
  if (text.size() > limits.max_bytes)
    return std::unexpected(Json5Error{"the text is too large", {.line = limits.first_line}});
  Parser parser(text, limits);
  Json5Value value;
  if (!parser.document(value)) return std::unexpected(parser.error());
  return value;
}

const Json5Value* Json5Value::find(std::string_view name) const {
  for (auto member = members.rbegin(); member != members.rend(); ++member)
    if (member->name == name) return &member->value;
  return nullptr;
}

std::optional<std::int64_t> Json5Value::integer() const {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (kind != Json5Kind::number || !(std::abs(number) <= kExact) || number != std::trunc(number))
    return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::string Json5Error::text() const {
  return std::to_string(position.line) + ":" + std::to_string(position.column) + ": " + message;
}

std::string_view kind_name(Json5Kind kind) {
  static constexpr std::string_view kNames[] = {"null",     "a boolean", "a number",
                                                "a string", "an array",  "an object"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace kontor
