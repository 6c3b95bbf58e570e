// The dialect: TOML 1.0, names of packages as keys, and bare lines of dependencies.
#include "formats/ori/toml.h"

#include <gtest/gtest.h>

namespace kontor::ori {
namespace {

std::string parsed(std::string_view text) {
  const auto tree = parse_toml(text);
  return tree ? tree->dump() : tree.error().detail;
}

TEST(OriToml, values_of_every_kind) {
  EXPECT_EQ(parsed("a = 1\nb = -17_000\nc = 0xff\nd = 0o17\ne = 0b101\nf = +5"),
            R"({"a":1,"b":-17000,"c":255,"d":15,"e":5,"f":5})");
  EXPECT_EQ(parsed("a = 1.5\nb = -1e3\nc = true\nd = false"),
            R"({"a":1.5,"b":-1000.0,"c":true,"d":false})");
  EXPECT_EQ(parsed("a = 1979-05-27T07:32:00Z\nb = 07:32:00"),
            R"({"a":"1979-05-27T07:32:00Z","b":"07:32:00"})");
  EXPECT_EQ(parsed("a = [1, [2, 'x'], # note\n  {b = 2}, ]"), R"({"a":[1,[2,"x"],{"b":2}]})");
}

TEST(OriToml, texts_of_every_kind) {
  EXPECT_EQ(parsed(R"(a = "q\"\\\t\u00e4\U0001F600")"), "{\"a\":\"q\\\"\\\\\\tä😀\"}");
  EXPECT_EQ(parsed("a = 'C:\\n'"), R"({"a":"C:\\n"})");
  EXPECT_EQ(parsed("a = \"\"\"\none\n  two \\\n   three\"\"\"\""),
            R"({"a":"one\n  two three\""})");
  EXPECT_EQ(parsed("a = '''\nit's'''"), R"({"a":"it's"})");
}

TEST(OriToml, tables_of_every_kind) {
  EXPECT_EQ(parsed("[a]\nb.c = 1\nb.d = 2\n[a.e]\nf = 3\n[[g]]\nh = 1\n[[g]]\nh = 2\n[g.i]\nj = 3"),
            R"({"a":{"b":{"c":1,"d":2},"e":{"f":3}},"g":[{"h":1},{"h":2,"i":{"j":3}}]})");
  EXPECT_EQ(parsed("a = {b.c = 1, d = {}}\n\"x y\" = 1"), R"({"a":{"b":{"c":1},"d":{}},"x y":1})");
}

TEST(OriToml, the_dialect_of_dependencies) {
  EXPECT_EQ(parsed("[dependencies]\nstd.json\nstd.http # bundled\n@acme/tool = \"1.0.0\"\n"
                   "[dependencies.@acme/other]\nversion = \"2.0.0\"\n"
                   "[dev-dependencies]\n\"@acme/test\" = \"3.0.0\""),
            R"({"dependencies":{"std":{"json":true,"http":true},"@acme/tool":"1.0.0",)"
            R"("@acme/other":{"version":"2.0.0"}},"dev-dependencies":{"@acme/test":"3.0.0"}})");
  EXPECT_EQ(parsed("[target.\"cfg(unix)\".dependencies]\nstd.os"),
            R"x({"target":{"cfg(unix)":{"dependencies":{"std":{"os":true}}}}})x");
}

TEST(OriToml, what_is_no_document_names_its_line) {
  const std::pair<const char*, const char*> cases[] = {
      {"a = 1\nb", "line 2: a key without a value"},
      {"[project]\nstd.json", "line 2: a key without a value"},
      {"a = 1\na = 2", "line 2: \"a\" has a value already"},
      {"[a]\n[a]", "line 2: a table is opened twice"},
      {"a = {b = 1}\n[a]", "line 2: \"a\" has a value already"},
      {"a = {b = 1}\na.c = 1", "line 2: \"a\" has a value already"},
      {"a = [1]\n[[a]]", "line 2: \"a\" has a value already"},
      {"a = 1\n[a.b]", "line 2: \"a\" has a value already"},
      {"a = 01", "line 1: a value is no text, number, time, true or false"},
      {"a = 1__0", "line 1: a value is no text, number, time, true or false"},
      {"a = nan", "line 1: a value is no text, number, time, true or false"},
      {"a = 99999999999999999999", "line 1: a value is no text, number, time, true or false"},
      {"a = \"\\x\"", "line 1: an unknown escape in a text"},
      {"a = \"\\ud800\"", "line 1: an escape of no character"},
      {"a = \"x\ny\"", "line 1: a text without an end"},
      {"a = \"\"\"x", "line 1: a text without an end"},
      {"a = 1 2", "line 1: unexpected text at the end of the line"},
      {"a = [1 2]", "line 1: a comma is missing in an array"},
      {"[a", "line 1: a table's name without its bracket"},
      {"= 1", "line 1: a key is missing"},
      {"a = \"\x01\"", "line 1: a control character in a text"},
      {"# \x01", "line 1: a control character in a comment"},
      {"a = \xff", "the document is not UTF-8"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(parsed(text), expected) << text;
}

TEST(OriToml, every_limit_is_kept) {
  const TomlLimits small{.max_bytes = 2000, .max_depth = 4, .max_keys = 10};
  const auto code = [&](const std::string& text) {
    const auto tree = parse_toml(text, small);
    return tree ? Code::internal : tree.error().code;
  };
  EXPECT_EQ(code(std::string(2001, ' ')), Code::too_large);
  EXPECT_EQ(code("a = " + std::string(9, '[') + std::string(9, ']')), Code::too_large);
  EXPECT_EQ(code("a.b.c.d.e = 1"), Code::too_large);
  EXPECT_EQ(code("[a.b.c.d.e]"), Code::too_large);
  EXPECT_EQ(code("a = [1,2,3,4,5,6,7,8,9,0,1]"), Code::too_large);
  std::string many;
  for (int i = 0; i < 20; ++i) many += "k" + std::to_string(i) + " = 1\n";
  EXPECT_EQ(code(many), Code::too_large);
}

}  // namespace
}  // namespace kontor::ori
