// RFC 8785: the examples of the document, and what its rules say about the rest.
#include "base/json_canonical.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

Bytes canonical(ByteView text) {
  const auto tree = parse_json(text);
  EXPECT_TRUE(tree) << text;
  return tree ? canonical_json(*tree) : Bytes();
}

TEST(CanonicalJson, prints_the_sample_of_section_3_2_3) {
  EXPECT_EQ(canonical(R"({
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  })"),
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
            "\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST(CanonicalJson, sorts_members_by_utf16_units) {
  // The sample of section 3.2.3 for sorting: U+1F600 comes before U+FB33.
  EXPECT_EQ(
      canonical(R"({"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7})"),
      "{\"\\r\":2,\"1\":4,\"\xC2\x80\":6,\"\xC3\xB6\":7,\"\xE2\x82\xAC\":1,"
      "\"\xF0\x9F\x98\x80\":5,\"\xEF\xAC\xB3\":3}");
}

TEST(CanonicalJson, prints_numbers_as_ecmascript_does) {
  EXPECT_EQ(canonical("[0,-0,1,-1,1.0,10,1e21,1e20,123456789012345680000,0.000001,1e-7,-1.5e-9]"),
            "[0,0,1,-1,1,10,1e+21,100000000000000000000,123456789012345680000,0.000001,1e-7,"
            "-1.5e-9]");
  EXPECT_EQ(canonical("[9007199254740993,1.7976931348623157e307,5e-324]"),
            "[9007199254740992,1.7976931348623158e+307,5e-324]");
}

TEST(CanonicalJson, the_order_and_spacing_of_the_text_do_not_matter) {
  EXPECT_EQ(canonical(R"({"b":[ ],"a":{"d":1,"c":{}}})"),
            canonical("{\"a\" :{\"c\":{ },\"d\":1e0},\"b\":[]}"));
  EXPECT_EQ(canonical(R"({"b":[],"a":{"d":1,"c":{}}})"), R"({"a":{"c":{},"d":1},"b":[]})");
}

}  // namespace
}  // namespace kontor
