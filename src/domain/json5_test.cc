// JSON5 against the answers of the npm package json5, and what the reference does not say:
// positions, bounds, and what is refused on purpose.
#include "domain/json5.h"

#include "base/encoding.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <bit>
#include <fstream>
#include <limits>

namespace kontor {
namespace {

Json5Value read(std::string_view text) {
  auto value = parse_json5(text);
  EXPECT_TRUE(value) << text << ": " << (value ? "" : value.error().text());
  return value ? *value : Json5Value{};
}

std::string error_of(std::string_view text, const Json5Limits& limits = {}) {
  auto value = parse_json5(text, limits);
  return value ? "no error" : value.error().text();
}

// The spelling of tools/json5_corpus: numbers and strings in hex, members sorted, the last of a
// name kept.
std::string canonical(const Json5Value& value) {
  switch (value.kind) {
    case Json5Kind::null:
      return "null";
    case Json5Kind::boolean:
      return value.boolean ? "true" : "false";
    case Json5Kind::string:
      return "'" + to_hex(value.string) + "'";
    case Json5Kind::number: {
      if (value.number != value.number) return "#nan";
      std::string bytes;
      for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(std::bit_cast<std::uint64_t>(value.number) >> shift);
      return "#" + to_hex(bytes);
    }
    default:
      break;
  }
  std::string out;
  if (value.kind == Json5Kind::array) {
    for (const auto& item : value.items) out += (out.empty() ? "" : ",") + canonical(item);
    return "[" + out + "]";
  }
  std::set<std::string> members;
  for (const auto& member : value.members)
    members.insert(to_hex(member.name) + ":" + canonical(*value.find(member.name)));
  for (const auto& member : members) out += (out.empty() ? "" : ",") + member;
  return "{" + out + "}";
}

TEST(Json5, answers_like_the_npm_package) {
  std::ifstream corpus(KONTOR_SOURCE_DIR "/tests/corpus/json5.jsonl");
  int accepted = 0, refused = 0;
  for (std::string line; std::getline(corpus, line);) {
    auto entry = nlohmann::json::parse(line);
    auto text = entry["text"].get<std::string>();
    auto value = parse_json5(text);
    if (entry["value"].is_null()) {
      EXPECT_FALSE(value) << "should be refused: " << entry["text"];
      ++refused;
    } else {
      ASSERT_TRUE(value) << entry["text"] << ": " << value.error().text();
      EXPECT_EQ(canonical(*value), entry["value"].get<std::string>()) << entry["text"];
      ++accepted;
    }
  }
  EXPECT_GT(accepted, 900);
  EXPECT_GT(refused, 900);
}

TEST(Json5, knows_where_each_value_and_name_stands) {
  auto value = read(
      "\xEF\xBB\xBF{ // c\r\n  a: 1,\r  'b':\n\t[true,\xE2\x80\xA8 null, /* \n */ 'é', 2],\n}");
  EXPECT_EQ(value.position, (Json5Position{1, 1}));
  ASSERT_EQ(value.members.size(), 2u);
  EXPECT_EQ(value.members[0].position, (Json5Position{2, 3}));
  EXPECT_EQ(value.members[0].value.position, (Json5Position{2, 6}));
  EXPECT_EQ(value.members[1].position, (Json5Position{3, 3}));
  auto& list = value.members[1].value;
  EXPECT_EQ(list.position, (Json5Position{4, 2}));
  ASSERT_EQ(list.items.size(), 4u);
  EXPECT_EQ(list.items[0].position, (Json5Position{4, 3}));
  EXPECT_EQ(list.items[1].position, (Json5Position{5, 2}));
  EXPECT_EQ(list.items[2].position, (Json5Position{6, 5}));
  EXPECT_EQ(list.items[3].position, (Json5Position{6, 10}));
}

TEST(Json5, names_the_place_and_the_remedy_of_an_error) {
  const std::pair<const char*, const char*> cases[] = {
      {"{\n  a: 1\n  b: 2}", "3:3: expected ',' or '}'"},
      {"[1 2]", "1:4: expected ',' or ']'"},
      {"{a 1}", "1:4: expected ':'"},
      {"{a: }", "1:5: expected a value"},
      {"{host: localhost}", "1:8: expected a value; strings need quotes"},
      {"{,}", "1:2: expected a name or '}'"},
      {"{a: 1", "1:6: expected ',' or '}', but the text ends"},
      {"", "1:1: expected a value, but the text ends"},
      {"{} x", "1:4: expected nothing more"},
      {"{a: 30s}", "1:7: expected the end of the number; a number with a unit needs quotes"},
      {"[010]", "1:3: expected the end of the number after its first 0"},
      {"['a\nb']", "1:4: expected the closing quote; end the line with \\ to continue the string"},
      {"\n 'abc", "2:2: this string is never closed"},
      {"1 /* x", "1:3: this comment is never closed"},
      {"/ x", "1:1: expected a comment (// or /*)"},
      {"'\\1'", "1:3: there is no such escape; octal escapes do not exist"},
      {"'\\xg0'", "1:4: expected a hexadecimal digit"},
      {"{\\u0020: 1}", "1:2: this character cannot stand in a name without quotes"},
  };
  for (auto [text, error] : cases) EXPECT_EQ(error_of(text), error) << text;
}

TEST(Json5, refuses_what_has_no_meaning_as_text_or_number) {
  EXPECT_EQ(error_of("'\\ud800'"), "1:2: this surrogate lacks its other half");
  EXPECT_EQ(error_of("'\\udc00\\ud800'"), "1:2: this surrogate lacks its other half");
  EXPECT_EQ(error_of("'\\ud800\\u0041'"), "1:2: this surrogate lacks its other half");
  EXPECT_EQ(error_of("'\\ud800x'"), "1:2: this surrogate lacks its other half");
  EXPECT_EQ(error_of("[1e999]"), "1:2: this number is out of range");
  EXPECT_EQ(error_of("[-1e-999]"), "1:2: this number is out of range");
  EXPECT_EQ(error_of("0x" + std::string(400, 'f')), "1:1: this number is out of range");
}

TEST(Json5, refuses_malformed_utf8_wherever_it_stands) {
  EXPECT_EQ(error_of("'a\xFF'"), "1:3: the bytes here are not UTF-8");
  EXPECT_EQ(error_of("{a: 1} // \xC3"), "1:11: the bytes here are not UTF-8");
  EXPECT_EQ(error_of("/* \xED\xA0\x80 */ 1"), "1:4: the bytes here are not UTF-8");
  EXPECT_EQ(error_of("{\xC0\xAF: 1}"), "1:2: the bytes here are not UTF-8");
  EXPECT_EQ(error_of("1\xF4\x90\x80\x80"), "1:2: the bytes here are not UTF-8");
}

TEST(Json5, stops_at_its_limits) {
  auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  EXPECT_EQ(error_of(nested(64)), "no error");
  EXPECT_EQ(error_of(nested(65)), "1:65: nested too deeply");
  EXPECT_EQ(error_of(nested(1'000'000), {.max_bytes = 4'000'000}), "1:65: nested too deeply");
  EXPECT_EQ(error_of("[1,2]", {.max_bytes = 4}), "1:1: the text is too large");
  EXPECT_EQ(error_of("[1,2,3]", {.max_values = 3}), "1:6: too many values");
}

TEST(Json5, numbers_lines_from_where_it_is_told) {
  EXPECT_EQ(error_of("{a:1\n", {.first_line = 7}), "8:1: expected ',' or '}', but the text ends");
}

TEST(Json5, never_shows_what_stands_in_a_string) {
  for (auto text : {"'hunter2", "{p: 'hunter2' x}", "{p: 'hunter2\n'}", "['hunter2\\u12']"})
    EXPECT_EQ(error_of(text).find("hunter2"), std::string::npos) << text;
}

TEST(Json5, finds_the_last_member_of_a_name) {
  auto value = read("{a: 1, b: 2, a: 3}");
  ASSERT_NE(value.find("a"), nullptr);
  EXPECT_EQ(value.find("a")->number, 3);
  EXPECT_EQ(value.find("c"), nullptr);
  EXPECT_EQ(value.members.size(), 3u);
}

TEST(Json5, gives_whole_numbers_only_where_they_are_exact) {
  EXPECT_EQ(read("0x10").integer(), 16);
  EXPECT_EQ(read("-5.0").integer(), -5);
  EXPECT_EQ(read("1e3").integer(), 1000);
  EXPECT_EQ(read("9007199254740992").integer(), 9007199254740992);
  for (auto text : {"0.5", "Infinity", "-Infinity", "NaN", "1e300", "'1'", "true"})
    EXPECT_EQ(read(text).integer(), std::nullopt) << text;
}

}  // namespace
}  // namespace kontor
