// Encodings, SHA-256 and time against published vectors.
#include "base/encoding.h"

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "base/time.h"

namespace kontor {
namespace {

TEST(Encoding, base64_follows_rfc_4648) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},         {"f", "Zg=="},         {"fo", "Zm8="},        {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (auto [plain, text] : cases) {
    EXPECT_EQ(to_base64(plain), text);
    EXPECT_EQ(from_base64(text), plain);
  }
}

TEST(Encoding, base64_refuses_what_is_not_canonical) {
  for (auto text : {"Zg", "Zg=", "Zh==", "Z===", "Zm9v\n", "Zm 9v", "=", "Zg==Zg=="})
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
}

TEST(Encoding, percent_decodes_each_escape_once) {
  EXPECT_EQ(percent_decode("@s%2fn"), "@s/n");
  EXPECT_EQ(percent_decode("%252f"), "%2f");
  EXPECT_EQ(percent_decode("%2"), std::nullopt);
  EXPECT_EQ(percent_decode("%zz"), std::nullopt);
  EXPECT_EQ(percent_encode("a/b c"), "a%2Fb%20c");
}

TEST(Encoding, utf8_refuses_overlong_surrogates_and_truncation) {
  EXPECT_TRUE(is_utf8("h\xC3\xA9llo \xF0\x9F\x98\x80"));
  for (auto text : {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3", "\xFF"})
    EXPECT_FALSE(is_utf8(text));
}

TEST(Encoding, hex_and_base62) {
  EXPECT_EQ(to_hex("\x01\xAB"), "01ab");
  EXPECT_EQ(from_hex("01AB"), "\x01\xAB");
  EXPECT_EQ(from_hex("0"), std::nullopt);
  EXPECT_EQ(to_base62(0, 6), "000000");
  EXPECT_EQ(to_base62(61, 2), "0z");
}

TEST(Sha256, matches_fips_vectors) {
  EXPECT_EQ(sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex(),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')).hex(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Time, rfc3339_round_trips) {
  EXPECT_EQ(rfc3339({0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339({1'763'625'600'123}), "2025-11-20T08:00:00.123Z");
  EXPECT_EQ(parse_rfc3339("2025-11-20T08:00:00.123Z"), Timestamp{1'763'625'600'123});
  EXPECT_EQ(parse_rfc3339("2025-11-20T10:00:00+02:00"), Timestamp{1'763'625'600'000});
  for (auto text : {"2025-02-30T00:00:00Z", "2025-11-20", "2025-11-20T25:00:00Z", "x"})
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
}

TEST(Time, http_date_round_trips) {
  EXPECT_EQ(http_date({784'111'777'000}), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Timestamp{784'111'777'000});
  EXPECT_EQ(parse_http_date("yesterday"), std::nullopt);
}

TEST(Time, days) {
  EXPECT_EQ(iso_date(day_of({1'763'625'600'123})), "2025-11-20");
  EXPECT_EQ(parse_iso_date("2025-11-20"), day_of({1'763'625'600'123}));
}

}  // namespace
}  // namespace kontor
