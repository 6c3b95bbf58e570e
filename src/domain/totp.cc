// One-time passwords. All candidates are compared, in the same time whichever fits.
#include "domain/totp.h"

#include "base/encoding.h"
#include "base/hmac.h"

namespace kontor {
namespace {

constexpr int kDigits = 6;
constexpr std::int64_t kStepMs = 30'000;

}  // namespace

std::string hotp(std::string_view secret, std::uint64_t counter, int digits) {
  std::string message;
  for (int shift = 56; shift >= 0; shift -= 8) message += static_cast<char>(counter >> shift);
  const Sha1 mac = hmac_sha1(secret, message);
  const std::size_t offset = mac.bytes[19] & 15;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | mac.bytes[offset + i];
  number &= 0x7FFFFFFF;
  std::string out(static_cast<std::size_t>(digits), '0');
  for (std::size_t i = out.size(); i-- > 0; number /= 10)
    out[i] = static_cast<char>('0' + number % 10);
  return out;
}

std::int64_t totp_step(Timestamp t) {
  return t.ms / kStepMs;
}

std::optional<std::int64_t> match_totp(std::string_view secret, std::string_view code,
                                       Timestamp now) {
  std::optional<std::int64_t> found;
  for (std::int64_t step = totp_step(now) - 1; step <= totp_step(now) + 1; ++step)
    if (equal_constant_time(hotp(secret, static_cast<std::uint64_t>(step), kDigits), code))
      found = step;
  return found;
}

std::string to_base32(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (unsigned char c : bytes) {
    bits = bits << 8 | c;
    for (held += 8; held >= 5; held -= 5) out += kAlphabet[bits >> (held - 5) & 31];
  }
  if (held > 0) out += kAlphabet[bits << (5 - held) & 31];
  return out;
}

std::string otpauth_url(std::string_view issuer, std::string_view account,
                        std::string_view secret) {
  const std::string from = percent_encode(issuer);
  return "otpauth://totp/" + from + ":" + percent_encode(account) + "?secret=" + to_base32(secret) +
         "&issuer=" + from + "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace kontor
