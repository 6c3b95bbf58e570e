// The algorithm is ours to choose, never the token's: the signature is checked as HS256 whatever
// the header says, and the header must say so.
#include "domain/jwt.h"

#include "base/encoding.h"
#include "base/hmac.h"
#include "base/json.h"

#include <optional>

namespace kontor {
namespace {

constexpr JsonLimits kLimits{.max_bytes = kMaxJwtBytes, .max_depth = 4};
constexpr std::int64_t kLastSecond = 253'402'300'799;  // the end of the year 9999
constexpr std::size_t kMaxTextBytes = 128;

struct Parts {
  std::string_view header, payload, signature, signed_text;
};

std::optional<Parts> split(std::string_view text) {
  if (text.size() > kMaxJwtBytes) return std::nullopt;
  const auto first = text.find('.');
  if (first == text.npos) return std::nullopt;
  const auto second = text.find('.', first + 1);
  if (second == text.npos || text.find('.', second + 1) != text.npos) return std::nullopt;
  return Parts{text.substr(0, first), text.substr(first + 1, second - first - 1),
               text.substr(second + 1), text.substr(0, second)};
}

std::unexpected<Error> refused(std::string cause) {
  return fail(Code::invalid_credential, "The token is not one of this registry; log in again.",
              std::move(cause));
}

std::optional<Json> read_object(std::string_view part) {
  const auto text = from_base64url(part);
  if (!text) return std::nullopt;
  auto json = parse_json(*text, kLimits);
  if (!json || !json->is_object()) return std::nullopt;
  return std::move(*json);
}

std::optional<std::string> text_claim(const Json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end() || !found->is_string()) return std::nullopt;
  auto text = found->get<std::string>();
  if (text.empty() || text.size() > kMaxTextBytes) return std::nullopt;
  return text;
}

// A whole number from 0 to `max`.
std::optional<std::int64_t> number_claim(const Json& claims, const char* name, std::int64_t max) {
  const auto found = claims.find(name);
  if (found == claims.end() || !found->is_number_unsigned()) return std::nullopt;
  const auto number = found->get<std::uint64_t>();
  if (number > static_cast<std::uint64_t>(max)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

bool is_hs256(const Json& header) {
  const auto algorithm = header.find("alg");
  return algorithm != header.end() && *algorithm == "HS256" && !header.contains("crit");
}

std::optional<JwtClaims> read_claims(const Json& payload) {
  auto id = text_claim(payload, "jti");
  auto subject = text_claim(payload, "sub");
  const auto issued = number_claim(payload, "iat", kLastSecond);
  const auto issued_ms = number_claim(payload, "iat_ms", 999);
  const auto expires = number_claim(payload, "exp", kLastSecond);
  if (!id || !subject || !issued || !issued_ms || !expires) return std::nullopt;
  return JwtClaims{
      std::move(*id), std::move(*subject), {*issued * 1000 + *issued_ms}, {*expires * 1000}};
}

std::string signature_of(std::string_view signed_text, std::string_view key) {
  return to_base64url(hmac_sha256(key, signed_text).view());
}

}  // namespace

std::string sign_jwt(const JwtClaims& claims, std::string_view key) {
  const Json header = {{"alg", "HS256"}, {"typ", "JWT"}};
  const Json payload = {{"sub", claims.subject},
                        {"jti", claims.id},
                        {"iat", claims.issued.ms / 1000},
                        {"iat_ms", claims.issued.ms % 1000},
                        {"exp", claims.expires.ms / 1000}};
  const std::string text = to_base64url(header.dump()) + "." + to_base64url(payload.dump());
  return text + "." + signature_of(text, key);
}

bool looks_like_jwt(std::string_view text) {
  return text.starts_with("ey") && split(text).has_value();
}

Result<JwtClaims> verify_jwt(std::string_view text, std::string_view key, Timestamp now) {
  const auto parts = split(text);
  if (!parts) return refused("not three parts");
  if (!equal_constant_time(parts->signature, signature_of(parts->signed_text, key)))
    return refused("signature");
  const auto header = read_object(parts->header);
  if (!header || !is_hs256(*header)) return refused("header");
  const auto payload = read_object(parts->payload);
  auto claims = payload ? read_claims(*payload) : std::nullopt;
  if (!claims) return refused("claims");
  if (claims->expires <= now)
    return fail(Code::invalid_credential, "The login has expired; log in again.");
  if (claims->issued > now + kJwtClockSkew) return refused("issued in the future");
  return std::move(*claims);
}

}  // namespace kontor
