#pragma once
// JSON5 (json5.org, version 1.0.0) as a tree of values that know where they stand in the text, so
// that whoever reads a configuration can name line and column. Size and depth are bounded.
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor {

enum class Json5Kind : std::uint8_t { null, boolean, number, string, array, object };

// Line and column count from 1; a column is one code point. \n, \r\n, \r, U+2028 and U+2029 end
// a line.
struct Json5Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  bool operator==(const Json5Position&) const = default;
};

struct Json5Member;

struct Json5Value {
  Json5Kind kind = Json5Kind::null;
  bool boolean = false;
  double number = 0;  // may be infinite or NaN
  std::string string;
  std::vector<Json5Value> items;     // of an array
  std::vector<Json5Member> members;  // of an object, in order; repeated names are kept
  Json5Position position;

  // The last member of that name, which is the one that counts.
  const Json5Value* find(std::string_view name) const;
  // The number, if it is a whole one that a double holds exactly (up to 2^53).
  std::optional<std::int64_t> integer() const;
};

struct Json5Member {
  std::string name;
  Json5Value value;
  Json5Position position;  // of the name
};

struct Json5Error {
  std::string message;  // "expected ',' or '}'"; never holds text from inside a string
  Json5Position position;

  std::string text() const;  // "3:7: expected ',' or '}'"
};

struct Json5Limits {
  std::uint64_t max_bytes = 1 << 20;
  std::uint32_t max_depth = 64;        // of arrays and objects
  std::uint32_t max_values = 100'000;  // in the whole document
  std::uint32_t first_line = 1;        // number of the text's first line
};

// Reads one document. Beyond the grammar it refuses what has no meaning as text or number: invalid
// UTF-8, escapes of lone surrogates, numbers outside the range of a double.
std::expected<Json5Value, Json5Error> parse_json5(std::string_view text,
                                                  const Json5Limits& limits = {});

// "a boolean", "an object" ... for messages.
std::string_view kind_name(Json5Kind kind);

}  // namespace kontor
