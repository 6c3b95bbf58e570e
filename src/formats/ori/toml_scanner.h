#pragma once
// The characters of a TOML document, from one to the next: blanks, keys, strings and plain words.
#include "base/bytes.h"
#include "base/error.h"

#include <string>
#include <vector>

namespace kontor::ori {

class TomlScanner {
 public:
  explicit TomlScanner(ByteView text) : text_(text) {}

  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool take(char c);
  bool take(std::string_view word);
  bool at_line_end() const;
  void skip_blanks();         // spaces and tabs
  Result<void> skip_lines();  // blanks, comments and line ends
  Result<void> end_line();    // blanks, a comment, then the end of the line or text

  // Parts of a key, with dots between them.
  Result<std::vector<std::string>> key();
  // A string of any of the four kinds; the scanner stands on its first quote.
  Result<std::string> string();
  // Everything up to a blank, comma, bracket, comment or line end.
  std::string_view word();

  std::unexpected<Error> fail_here(std::string_view what) const;

 private:
  Result<void> skip_comment();
  Result<std::string> key_part();
  Result<std::string> basic(bool many_lines);
  Result<std::string> literal(bool many_lines);
  Result<void> escape(std::string& out, bool many_lines);
  Result<void> unicode(std::string& out, std::size_t digits);
  bool take_line_end();

  ByteView text_;
  std::size_t at_ = 0;
};

}  // namespace kontor::ori
