// Line by line: a header chooses the table that the lines after it fill.
#include "formats/ori/toml.h"

#include "base/encoding.h"
#include "formats/ori/toml_scanner.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <span>
#include <utility>

namespace kontor::ori {
namespace {

using Path = std::vector<std::string>;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Underscores between digits dropped; nothing where one lies elsewhere.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool between =
        i > 0 && i + 1 < text.size() && is_hex_digit(text[i - 1]) && is_hex_digit(text[i + 1]);
    if (text[i] == '_' && !between) return std::nullopt;
    if (text[i] != '_') out += text[i];
  }
  return out;
}

std::optional<Json> read_integer(std::string_view text, int base) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Json(number);
}

// Integers in four bases and floats; infinities and what is no number have no place in JSON.
std::optional<Json> read_number(std::string_view word) {
  const auto text = without_underscores(word);
  if (!text || text->empty()) return std::nullopt;
  std::string_view digits = *text;
  for (const auto& [prefix, base] : {std::pair{"0x", 16}, {"0o", 8}, {"0b", 2}})
    if (digits.starts_with(prefix) && digits.size() > 2 && is_hex_digit(digits[2]))
      return read_integer(digits.substr(2), base);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  const auto first = digits.starts_with('-') ? 1u : 0u;
  if (digits.size() <= first || !is_digit(digits[first])) return std::nullopt;
  if (digits[first] == '0' && digits.size() > first + 1 && is_digit(digits[first + 1]))
    return std::nullopt;
  if (digits.find_first_of(".eE") == digits.npos) return read_integer(digits, 10);
  // JSON's grammar of floats is TOML's but for the sign and the underscores.
  const Json number = Json::parse(digits, nullptr, false);
  return number.is_number_float() ? std::optional(number) : std::nullopt;
}

// Dates and times are only told from other words; nobody here reckons with them.
bool is_time(std::string_view word) {
  if (word.size() < 8 || !is_digit(word[0]) || !is_digit(word[1])) return false;
  const bool date = word.size() >= 10 && word[4] == '-' && word[7] == '-';
  const bool clock = word[2] == ':' && word[5] == ':';
  return (date || clock) && std::ranges::all_of(word, [](char c) {
           return is_digit(c) || std::string_view("-:.TZtz+").contains(c);
         });
}

bool lists_dependencies(const Path& table) {
  return !table.empty() && (table.back() == "dependencies" || table.back() == "dev-dependencies");
}

class Parser {
 public:
  Parser(ByteView text, const TomlLimits& limits) : in_(text), limits_(limits) {}
  Result<Json> run();

 private:
  // A table, and the name of its place in the document.
  struct Table {
    Json* json;
    std::string place;
  };

  Result<void> line();
  Result<void> header();
  Result<void> open_table(const Path& path);
  Result<void> open_array(const Path& path);
  Result<Table> step(Table table, const std::string& key);
  Result<Table> walk(Table from, std::span<const std::string> path);
  Result<void> pair(const Table& table, bool bare_allowed);
  Result<void> put(const Table& table, const Path& key, Json value, bool closed);
  Result<Json> value(std::uint32_t depth);
  Result<Json> array(std::uint32_t depth);
  Result<Json> inline_table(std::uint32_t depth);
  Result<Json> plain();

  TomlScanner in_;
  const TomlLimits limits_;
  Json root_ = Json::object();
  Table current_{&root_, {}};
  Path path_;                      // of the current table
  std::set<std::string> headers_;  // places of tables that a header has opened
  std::set<std::string> closed_;   // places of inline tables and arrays: nothing is added to them
  std::uint32_t keys_ = 0;
};

Result<Json> Parser::run() {
  for (;;) {
    if (auto done = in_.skip_lines(); !done) return fail(done);
    if (in_.at_end()) return std::move(root_);
    if (auto done = line(); !done) return fail(done);
    if (auto done = in_.end_line(); !done) return fail(done);
  }
}

Result<void> Parser::line() {
  return in_.peek() == '[' ? header() : pair(current_, lists_dependencies(path_));
}

Result<void> Parser::header() {
  in_.take('[');
  const bool many = in_.take('[');
  auto path = in_.key();
  if (!path) return fail(path);
  if (path->size() > limits_.max_depth) return fail(Code::too_large, "Tables lie too deep.");
  if (!in_.take(many ? "]]" : "]")) return in_.fail_here("a table's name without its bracket");
  path_ = std::move(*path);
  return many ? open_array(path_) : open_table(path_);
}

// The table below `table` under `key`, made where it is not there. Of an array of tables the last.
Result<Parser::Table> Parser::step(Table table, const std::string& key) {
  std::string place = table.place + key + '\0';
  auto found = table.json->find(key);
  if (found == table.json->end()) {
    if (++keys_ > limits_.max_keys) return fail(Code::too_large, "There are too many keys.");
    (*table.json)[key] = Json::object();
    return Table{&(*table.json)[key], std::move(place)};
  }
  if (closed_.contains(place) || !found->is_structured())
    return in_.fail_here("\"" + key + "\" has a value already");
  if (found->is_object()) return Table{&*found, std::move(place)};
  return Table{&found->back(), place + std::to_string(found->size()) + '\0'};
}

Result<Parser::Table> Parser::walk(Table from, std::span<const std::string> path) {
  for (const auto& key : path) {
    auto next = step(std::move(from), key);
    if (!next) return next;
    from = std::move(*next);
  }
  return from;
}

Result<void> Parser::open_table(const Path& path) {
  auto table = walk({&root_, {}}, path);
  if (!table) return fail(table);
  if (!headers_.insert(table->place).second) return in_.fail_here("a table is opened twice");
  current_ = std::move(*table);
  return {};
}

Result<void> Parser::open_array(const Path& path) {
  auto above = walk({&root_, {}}, std::span(path).first(path.size() - 1));
  if (!above) return fail(above);
  const auto place = above->place + path.back() + '\0';
  if (++keys_ > limits_.max_keys) return fail(Code::too_large, "There are too many keys.");
  Json& array = (*above->json)[path.back()];
  if (array.is_null()) array = Json::array();
  if (!array.is_array() || closed_.contains(place))
    return in_.fail_here("\"" + path.back() + "\" has a value already");
  array.push_back(Json::object());
  current_ = {&array.back(), place + std::to_string(array.size()) + '\0'};
  return {};
}

Result<void> Parser::pair(const Table& table, bool bare_allowed) {
  auto key = in_.key();
  if (!key) return fail(key);
  if (key->size() > limits_.max_depth) return fail(Code::too_large, "Tables lie too deep.");
  if (bare_allowed && (in_.at_line_end() || in_.peek() == '#'))
    return put(table, *key, true, false);
  if (!in_.take('=')) return in_.fail_here("a key without a value");
  in_.skip_blanks();
  auto read = value(1);
  if (!read) return fail(read);
  const bool closed = read->is_structured();
  return put(table, *key, std::move(*read), closed);
}

Result<void> Parser::put(const Table& table, const Path& key, Json value, bool closed) {
  auto in = walk(table, std::span(key).first(key.size() - 1));
  if (!in) return fail(in);
  if (key.size() > 1) headers_.insert(in->place);
  if (in->json->contains(key.back()))
    return in_.fail_here("\"" + key.back() + "\" has a value already");
  if (++keys_ > limits_.max_keys) return fail(Code::too_large, "There are too many keys.");
  if (closed) closed_.insert(in->place + key.back() + '\0');
  (*in->json)[key.back()] = std::move(value);
  return {};
}

Result<Json> Parser::value(std::uint32_t depth) {
  if (depth > limits_.max_depth) return fail(Code::too_large, "Values lie too deep.");
  if (in_.peek() == '"' || in_.peek() == '\'') {
    auto text = in_.string();
    if (!text) return fail(text);
    return Json(std::move(*text));
  }
  if (in_.peek() == '[') return array(depth);
  if (in_.peek() == '{') return inline_table(depth);
  return plain();
}

Result<Json> Parser::array(std::uint32_t depth) {
  in_.take('[');
  Json out = Json::array();
  for (;;) {
    if (auto done = in_.skip_lines(); !done) return fail(done);
    if (in_.take(']')) return out;
    if (++keys_ > limits_.max_keys) return fail(Code::too_large, "There are too many values.");
    auto item = value(depth + 1);
    if (!item) return item;
    out.push_back(std::move(*item));
    if (auto done = in_.skip_lines(); !done) return fail(done);
    if (!in_.take(',') && in_.peek() != ']') return in_.fail_here("a comma is missing in an array");
  }
}

Result<Json> Parser::inline_table(std::uint32_t depth) {
  in_.take('{');
  Json out = Json::object();
  in_.skip_blanks();
  if (in_.take('}')) return out;
  // Its keys are dotted within the table alone, so a parser of its own keeps their places.
  auto kept = std::exchange(closed_, {});
  do {
    auto key = in_.key();
    if (!key) return fail(key);
    if (!in_.take('=')) return in_.fail_here("a key without a value");
    in_.skip_blanks();
    auto read = value(depth + static_cast<std::uint32_t>(key->size()));
    if (!read) return read;
    const bool closed = read->is_structured();
    if (auto done = put({&out, "{"}, *key, std::move(*read), closed); !done) return fail(done);
    in_.skip_blanks();
  } while (in_.take(','));
  closed_ = std::move(kept);
  if (!in_.take('}')) return in_.fail_here("an inline table without its brace");
  return out;
}

Result<Json> Parser::plain() {
  std::string word(in_.word());
  if (word == "true" || word == "false") return Json(word == "true");
  if (is_time(word)) return Json(std::move(word));
  auto number = read_number(word);
  if (!number) return in_.fail_here("a value is no text, number, time, true or false");
  return std::move(*number);
}

}  // namespace

Result<Json> parse_toml(ByteView text, const TomlLimits& limits) {
  if (text.size() > limits.max_bytes)
    return fail(Code::too_large,
                "The document has more than " + std::to_string(limits.max_bytes) + " bytes.");
  if (!is_utf8(text)) return fail(Code::bad_request, "the document is not UTF-8");
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return Parser(text, limits).run();
}

}  // namespace kontor::ori
