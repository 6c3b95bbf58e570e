// What is signed verifies; everything else, however well made, does not.
#include "domain/jwt.h"

#include "base/encoding.h"
#include "base/hmac.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

constexpr std::string_view kKey = "0123456789abcdef0123456789abcdef";
constexpr Timestamp kNow{1'780'000'000'123};
const JwtClaims kClaims{"c0ffee", "42", kNow, {kNow.ms / 1000 * 1000 + 60'000}};

std::string verdict(std::string_view text, Timestamp now = kNow, std::string_view key = kKey) {
  const auto claims = verify_jwt(text, key, now);
  if (claims) return "ok";
  EXPECT_EQ(claims.error().code, Code::invalid_credential);
  return claims.error().cause.empty() ? "expired" : claims.error().cause;
}

// A token of any header and payload, well signed with our key.
std::string forge(std::string_view header, std::string_view payload) {
  const auto text = to_base64url(header) + "." + to_base64url(payload);
  return text + "." + to_base64url(hmac_sha256(kKey, text).view());
}

constexpr std::string_view kHeader = R"({"alg":"HS256"})";
constexpr std::string_view kPayload =
    R"({"sub":"42","jti":"c0ffee","iat":1780000000,"iat_ms":123,"exp":1780000060})";

// RFC 4231, test cases 1, 2 and 6.
TEST(HmacSha256, has_the_published_values) {
  EXPECT_EQ(hmac_sha256(std::string(20, '\x0b'), "Hi There").hex(),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?").hex(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256(std::string(131, '\xaa'),
                        "Test Using Larger Than Block-Size Key - Hash Key First")
                .hex(),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Jwt, reads_back_what_it_signed) {
  const auto text = sign_jwt(kClaims, kKey);
  EXPECT_TRUE(looks_like_jwt(text));
  EXPECT_LT(text.size(), 300u);
  const auto claims = verify_jwt(text, kKey, kNow);
  ASSERT_TRUE(claims);
  EXPECT_EQ(*claims, kClaims);
  EXPECT_EQ(verdict(forge(kHeader, kPayload)), "ok") << "the forger of this test forges well";
}

TEST(Jwt, another_key_or_any_altered_character_is_refused) {
  const auto text = sign_jwt(kClaims, kKey);
  EXPECT_EQ(verdict(text, kNow, "another key"), "signature");
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto altered = text;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(verdict(altered), "ok") << i;
    EXPECT_NE(verdict(text.substr(0, i)), "ok") << i;
  }
  EXPECT_NE(verdict(text + "="), "ok");
  EXPECT_NE(verdict(text + "."), "ok");
}

TEST(Jwt, the_token_does_not_choose_the_algorithm) {
  const auto payload = "." + to_base64url(kPayload) + ".";
  EXPECT_EQ(verdict(to_base64url(R"({"alg":"none"})") + payload), "signature");
  for (const char* header :
       {R"({"alg":"none"})", R"({"alg":"hs256"})", R"({"alg":"HS512"})", R"({"alg":"RS256"})",
        R"({"alg":["HS256"]})", R"({"alg":null})", R"({})", R"([])", "", R"({"alg":"HS256")",
        R"({"alg":"none","alg":"HS256"})", R"({"alg":"HS256","crit":["exp"]})"})
    EXPECT_EQ(verdict(forge(header, kPayload)), "header") << header;
  EXPECT_EQ(verdict(forge(R"({"kid":"any","alg":"HS256","typ":"JWT"})", kPayload)), "ok");
}

TEST(Jwt, every_claim_is_required_and_of_its_type) {
  for (const char* payload :
       {R"({"sub":"42","jti":"c","iat":1780000000,"iat_ms":0})",
        R"({"sub":"42","jti":"c","iat":1780000000,"iat_ms":0,"exp":"1780000060"})",
        R"({"sub":"42","jti":"c","iat":1780000000,"iat_ms":0,"exp":1780000060.5})",
        R"({"sub":"42","jti":"c","iat":1780000000,"iat_ms":0,"exp":-1})",
        R"({"sub":"42","jti":"c","iat":1780000000,"iat_ms":0,"exp":9223372036854775807})",
        R"({"sub":"42","jti":"c","iat":1780000000,"iat_ms":0,"exp":1e999})",
        R"({"sub":"42","jti":"c","iat":1780000000,"iat_ms":1000,"exp":1780000060})",
        R"({"sub":"42","jti":"c","iat_ms":0,"exp":1780000060})",
        R"({"sub":42,"jti":"c","iat":1780000000,"iat_ms":0,"exp":1780000060})",
        R"({"sub":"","jti":"c","iat":1780000000,"iat_ms":0,"exp":1780000060})",
        R"({"sub":"42","iat":1780000000,"iat_ms":0,"exp":1780000060})", R"("text")", "7", ""})
    EXPECT_EQ(verdict(forge(kHeader, payload)), "claims") << payload;
}

TEST(Jwt, ends_at_its_expiry_and_comes_from_the_future_within_the_skew_only) {
  const auto text = sign_jwt(kClaims, kKey);
  EXPECT_EQ(verdict(text, {kClaims.expires.ms - 1}), "ok");
  EXPECT_EQ(verdict(text, kClaims.expires), "expired");
  EXPECT_EQ(verdict(text, kClaims.issued - kJwtClockSkew), "ok");
  EXPECT_EQ(verdict(text, kClaims.issued - kJwtClockSkew - Duration{1}), "issued in the future");
}

TEST(Jwt, long_texts_are_refused_before_they_are_hashed) {
  const std::string payload(kMaxJwtBytes, ' ');
  EXPECT_EQ(verdict(forge(kHeader, payload)), "not three parts");
  EXPECT_FALSE(looks_like_jwt("ey" + std::string(kMaxJwtBytes, 'a') + ".b.c"));
  EXPECT_FALSE(looks_like_jwt("npm_0123"));
}

}  // namespace
}  // namespace kontor
