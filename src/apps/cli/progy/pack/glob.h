#pragma once
// Patterns of paths as .gitignore files and course.json's `files` write them. Pure.
#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

namespace kontor::cli::progy {

// ? and sets match one character, * any run of them; `**` between slashes or at an end also crosses
// slashes; a backslash takes the next character as it stands. A malformed pattern matches nothing.
// Time is the product of both lengths, for any pattern.
class Glob {
 public:
  enum class Slashes : std::uint8_t {
    significant,  // only ** crosses them
    ordinary,
  };
  Glob(std::string_view pattern, Slashes slashes);

  bool matches(std::string_view text) const;

 private:
  enum class Kind : std::uint8_t { one_of, run, anything, folders };
  struct Part {
    Kind kind;
    std::bitset<256> set = {};  // of one_of
  };
  using Reached = std::vector<bool>;  // offsets of the text that the parts so far can end at

  bool compile(std::string_view pattern, bool slashes_count);
  bool compile_set(std::string_view pattern, std::size_t& at);
  static Reached step(const Part& part, std::string_view text, const Reached& before);

  std::vector<Part> parts_;
  std::bitset<256> any_;  // what ? and * stand for
  bool valid_ = true;
};

// Where the first of ? * [ \ stands, or the pattern's length.
std::size_t literal_length(std::string_view pattern);

}  // namespace kontor::cli::progy
