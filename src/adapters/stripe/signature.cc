// The header is a list of pairs; anything unknown in it is passed over.
#include "adapters/stripe/signature.h"

#include "base/encoding.h"
#include "base/hmac.h"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <vector>

namespace kontor::stripe {
namespace {

constexpr std::size_t kMostHeader = 4096;

struct Header {
  std::string_view time;
  std::vector<std::string_view> signatures;
};

Header read_header(std::string_view text) {
  Header header;
  while (!text.empty()) {
    const auto item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    if (item.starts_with("t=")) header.time = item.substr(2);
    if (item.starts_with("v1=")) header.signatures.push_back(item.substr(3));
  }
  return header;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  constexpr std::int64_t kMost = 100'000'000'000;
  if (!whole || number < 0 || number > kMost) return std::nullopt;
  return number;
}

std::unexpected<Error> refuse(std::string sentence) {
  return fail(Code::invalid_signature, std::move(sentence));
}

}  // namespace

Result<void> verify_signature(std::string_view header, ByteView body, std::string_view secret,
                              Timestamp now) {
  if (header.empty() || header.size() > kMostHeader)
    return refuse("The message has no signature of the payment provider.");
  const Header read = read_header(header);
  const auto time = whole_number(read.time);
  if (!time || read.signatures.empty())
    return refuse("The signature of the message is not written as the payment provider does.");
  std::string signed_text(read.time);
  signed_text.append(".").append(body);
  const auto expected = hmac_sha256(secret, signed_text).hex();
  bool fits = false;
  for (const auto& signature : read.signatures)
    if (equal_constant_time(signature, expected)) fits = true;
  if (secret.empty() || !fits)
    return refuse("The signature of the message is not by the payment provider.");
  if (std::abs(now.ms - *time * 1000) > kTolerance.ms)
    return refuse("The message was signed too long ago, or a clock is wrong.");
  return {};
}

}  // namespace kontor::stripe
