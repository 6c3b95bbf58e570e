#pragma once
// Reads JSON5 text code point by code point, keeping count of lines and columns.
#include "domain/json5.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace kontor {

class Json5Cursor {
 public:
  static constexpr char32_t kEnd = 0xFFFFFFFF;

  Json5Cursor(std::string_view text, std::uint32_t first_line);

  // The current code point; kEnd at the end of the text and at malformed UTF-8.
  char32_t peek() const { return current_; }
  void advance();
  // Steps over `expected` if it is there.
  bool take(char32_t expected);

  Json5Position position() const { return position_; }
  bool malformed() const { return malformed_; }
  // The bytes of the current code point.
  std::string_view bytes() const { return text_.substr(at_, size_); }
  // The bytes not yet read.
  std::string_view rest() const { return text_.substr(at_); }

 private:
  void decode();

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  char32_t current_ = kEnd;
  bool malformed_ = false;
  Json5Position position_;
};

bool is_json5_space(char32_t c);
bool is_json5_line_end(char32_t c);
bool is_json5_name_start(char32_t c);  // IdentifierStart of ECMAScript 5.1
bool is_json5_name_part(char32_t c);   // IdentifierPart

// The value of a hexadecimal digit, or -1.
int json5_hex_digit(char32_t c);

void append_utf8(std::string& out, char32_t c);

}  // namespace kontor
