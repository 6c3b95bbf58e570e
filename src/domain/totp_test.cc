// Vectors of RFC 2202, RFC 4226, RFC 4648 and RFC 6238.
#include "domain/totp.h"

#include "base/hmac.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

constexpr std::string_view kSecret = "12345678901234567890";

TEST(Totp, hmac_matches_rfc_2202) {
  EXPECT_EQ(hmac_sha1(std::string(20, '\x0b'), "Hi There").hex(),
            "b617318655057264e28bc0b6fb378c8ef146be00");
  EXPECT_EQ(hmac_sha1("Jefe", "what do ya want for nothing?").hex(),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(
      hmac_sha1(std::string(80, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")
          .hex(),
      "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

TEST(Totp, counter_passwords_match_rfc_4226) {
  const char* expected[] = {"755224", "287082", "359152", "969429", "338314",
                            "254676", "287922", "162583", "399871", "520489"};
  for (std::uint64_t i = 0; i < 10; ++i) EXPECT_EQ(hotp(kSecret, i, 6), expected[i]);
}

TEST(Totp, time_passwords_match_rfc_6238) {
  const std::pair<std::int64_t, const char*> table[] = {
      {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
      {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"},
  };
  for (const auto& [at, code] : table) {
    const auto step = totp_step({at * 1000});
    EXPECT_EQ(hotp(kSecret, static_cast<std::uint64_t>(step), 8), code) << at;
  }
}

TEST(Totp, accepts_the_step_and_its_neighbours_only) {
  const Timestamp now{1'000'000'000'000};
  const auto step = totp_step(now);
  for (std::int64_t off = -3; off <= 3; ++off) {
    const auto code = hotp(kSecret, static_cast<std::uint64_t>(step + off), 6);
    const auto found = match_totp(kSecret, code, now);
    EXPECT_EQ(found.has_value(), off >= -1 && off <= 1) << off;
    if (found) EXPECT_EQ(*found, step + off);
  }
}

TEST(Totp, refuses_codes_of_other_lengths) {
  const Timestamp now{1'000'000'000'000};
  const auto good = hotp(kSecret, static_cast<std::uint64_t>(totp_step(now)), 6);
  for (const auto& bad : {std::string(), good.substr(1), good + "0", " " + good})
    EXPECT_FALSE(match_totp(kSecret, bad, now)) << bad;
}

TEST(Totp, base32_matches_rfc_4648) {
  const std::pair<const char*, const char*> table[] = {{"", ""},
                                                       {"f", "MY"},
                                                       {"fo", "MZXQ"},
                                                       {"foo", "MZXW6"},
                                                       {"foob", "MZXW6YQ"},
                                                       {"fooba", "MZXW6YTB"},
                                                       {"foobar", "MZXW6YTBOI"}};
  for (const auto& [bytes, text] : table) EXPECT_EQ(to_base32(bytes), text);
}

TEST(Totp, url_names_issuer_account_and_secret) {
  EXPECT_EQ(otpauth_url("my registry", "alice", kSecret),
            "otpauth://totp/my%20registry:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            "&issuer=my%20registry&algorithm=SHA1&digits=6&period=30");
}

}  // namespace
}  // namespace kontor
