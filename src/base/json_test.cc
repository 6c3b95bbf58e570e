// JSON from strangers: grammar, limits, trees. Every text is also fed byte by byte.
#include "base/json.h"

#include "base/json_scanner.h"
#include "base/siphash.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

// The error's text or "ok", which must not depend on the pieces.
std::string judge(ByteView text, const JsonLimits& limits = {}) {
  const auto whole = check_json(text, limits);
  for (std::size_t piece : {1, 3}) {
    JsonHandler nobody;
    JsonScanner scanner(limits, nobody);
    Result<void> done;
    for (std::size_t at = 0; at < text.size() && done; at += piece)
      done = scanner.feed(text.substr(at, piece));
    if (done) done = scanner.finish();
    EXPECT_EQ(done.has_value(), whole.has_value()) << text;
    if (!done && !whole) EXPECT_EQ(done.error(), whole.error()) << text;
  }
  return whole ? "ok" : whole.error().detail;
}

TEST(CheckJson, accepts_what_the_grammar_and_nlohmann_accept) {
  const std::string texts[] = {
      "null",
      " true ",
      "\t[\r\n]\n",
      "{}",
      "[[],{}]",
      "0",
      "-0",
      "-1",
      "10",
      "0.5",
      "1e5",
      "1E+5",
      "-1.25e-7",
      "123456789012345678901234567890",
      "1e307",
      "1.7e306",
      "5e-400",
      R"("")",
      R"("\"\\\/\b\f\n\r\t")",
      R"("\u00e4\uD83D\ude00\uFFFF\u0000")",
      "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbf\xf4\x8f\xbf\xbf\x7f\"",
      R"({"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]})",
      R"({"":0,"\u0061":1})",
      "[1,2 , 3,\"4\",null,true,false,-5e1]"};
  for (const std::string& text : texts) {
    EXPECT_EQ(judge(text), "ok") << text;
    EXPECT_TRUE(Json::accept(text)) << text;
    const auto tree = parse_json(text);
    ASSERT_TRUE(tree) << text;
    EXPECT_EQ(*tree, Json::parse(text, nullptr, false)) << text;
  }
}

TEST(CheckJson, says_what_is_wrong_and_where) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "an early end at byte 0"},
      {"   ", "an early end at byte 3"},
      {"[1", "an early end at byte 2"},
      {"\"abc", "an early end at byte 4"},
      {"\xef\xbb\xbf{}", "a byte order mark at byte 0"},
      {"{}x", "something behind the end at byte 2"},
      {std::string("{}\0", 3), "something behind the end at byte 2"},
      {"1 2", "something behind the end at byte 2"},
      {"[1 2]", "no comma or end where one must be at byte 3"},
      {"[1}", "no comma or end where one must be at byte 2"},
      {"[1,]", "no value where one must be at byte 3"},
      {"[,1]", "no value where one must be at byte 1"},
      {"]", "no value where one must be at byte 0"},
      {"{,}", "no key where one must be at byte 1"},
      {"{\"a\":1,}", "no key where one must be at byte 7"},
      {"{a:1}", "no key where one must be at byte 1"},
      {"{'a':1}", "no key where one must be at byte 1"},
      {"{\"a\" 1}", "no colon behind a key at byte 5"},
      {"{\"a\":}", "no value where one must be at byte 5"},
      {"{\"a\":1 \"b\":2}", "no comma or end where one must be at byte 7"},
      {"nul", "an early end at byte 3"},
      {"nulL", "an unknown word at byte 3"},
      {"NaN", "no value where one must be at byte 0"},
      {"+1", "no value where one must be at byte 0"},
      {"01", "something behind the end at byte 1"},
      {"[01]", "no comma or end where one must be at byte 2"},
      {"-", "an unfinished number at byte 1"},
      {"[1.]", "an unfinished number at byte 3"},
      {".5", "no value where one must be at byte 0"},
      {"1e", "an unfinished number at byte 2"},
      {"1e+", "an unfinished number at byte 3"},
      {"1e400", "a number too large at byte 5"},
      {"[-1e308]", "a number too large at byte 7"},
      {std::string(309, '9'), "a number too large at byte 309"},
      {"1e99999999999999999999", "a number too large at byte 22"},
      {"\"\n\"", "a control character in a string at byte 1"},
      {std::string("\"\0\"", 3), "a control character in a string at byte 1"},
      {R"("\x41")", "an unknown escape at byte 2"},
      {R"("\u12g4")", "an unknown escape at byte 5"},
      {R"("\ud800")", "an unpaired surrogate at byte 7"},
      {R"("\ud800\n")", "an unpaired surrogate at byte 8"},
      {R"("\ud800\ud800")", "an unpaired surrogate at byte 12"},
      {R"("\udc00")", "an unpaired surrogate at byte 6"},
      {"\"\xc0\xaf\"", "invalid UTF-8 at byte 1"},
      {"\"\xe0\x80\xaf\"", "invalid UTF-8 at byte 2"},
      {"\"\xed\xa0\x80\"", "invalid UTF-8 at byte 2"},
      {"\"\xf4\x90\x80\x80\"", "invalid UTF-8 at byte 2"},
      {"\"\xf5\"", "invalid UTF-8 at byte 1"},
      {"\"\x80\"", "invalid UTF-8 at byte 1"},
      {"\"\xc3\"", "invalid UTF-8 at byte 2"},
      {"\"\xe2\x82\"", "invalid UTF-8 at byte 3"},
      {R"({"a":1,"a":2})", "the same key twice in the object that ends at byte 12"},
      {R"({"a":1,"\u0061":2})", "the same key twice in the object that ends at byte 17"},
      {R"([{"x":{"b":[],"c":0,"b":{}}}])", "the same key twice in the object that ends at byte 26"},
  };
  for (const auto& [text, problem] : cases) {
    EXPECT_EQ(judge(text), std::string("Invalid JSON: ") + problem + ".") << text;
    EXPECT_EQ(parse_json(text).error().code, Code::invalid_json) << text;
  }
}

TEST(CheckJson, stops_at_each_limit_and_not_before) {
  EXPECT_EQ(judge("[1,22]", {.max_bytes = 6}), "ok");
  EXPECT_EQ(judge("[1,22] ", {.max_bytes = 6}), "The JSON has more than 6 bytes.");
  EXPECT_EQ(judge("[[1]]", {.max_depth = 2}), "ok");
  EXPECT_EQ(judge("[[[1]]]", {.max_depth = 2}), "Invalid JSON: values nested too deep at byte 2.");
  EXPECT_EQ(judge("[1,2]", {.max_values = 3}), "ok");
  EXPECT_EQ(judge("[1,2,3]", {.max_values = 3}), "The JSON has more than 3 values.");
  EXPECT_EQ(judge(R"({"\u00e4b":1})", {.max_key_bytes = 3}), "ok");
  EXPECT_EQ(judge(R"({"\u00e4bc":1})", {.max_key_bytes = 3}),
            "The JSON has a key of more than 3 bytes.");
  EXPECT_EQ(check_json("[1,22] ", {.max_bytes = 6}).error().code, Code::too_large);
}

TEST(ParseJson, keeps_the_order_of_keys) {
  EXPECT_EQ(parse_json(R"({"z":1,"a":[{"y":2,"b":null}],"m":"\u00e4"})")->dump(),
            "{\"z\":1,\"a\":[{\"y\":2,\"b\":null}],\"m\":\"\xc3\xa4\"}");
}

TEST(ParseJson, takes_time_in_proportion_to_the_number_of_keys) {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += "\"key" + std::to_string(i) + "\":0,";
  text.back() = '}';
  const auto tree = parse_json(text, {.max_bytes = 16 << 20});
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->size(), 200'000u);
  text.back() = ',';
  EXPECT_FALSE(parse_json(text + "\"key77\":1}", {.max_bytes = 16 << 20}));
}

TEST(SipHash, gives_the_values_of_its_authors) {
  std::string input;
  for (char c = 0; c < 15; ++c) input += c;
  const std::uint64_t key0 = 0x0706050403020100, key1 = 0x0f0e0d0c0b0a0908;
  EXPECT_EQ(siphash(input, key0, key1), 0xa129ca6149be45e5u);
  EXPECT_EQ(siphash("", key0, key1), 0x726fdb47dd0e0e31u);
  EXPECT_NE(siphash("a"), siphash("b"));
}

}  // namespace
}  // namespace kontor
