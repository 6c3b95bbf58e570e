// Checks of single string values. Names are not resolved.
#include "apps/server/config/checks.h"

#include "domain/advisory/advisory_policy.h"
#include "domain/cidr.h"
#include "domain/user_name.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <string_view>

namespace kontor::config {
namespace {

bool is_v6(std::string_view text) {
  auto address = IpAddress::parse(text);
  return address && text.find(':') != text.npos;
}

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool all_of(std::string_view text, std::string_view extra) {
  return std::ranges::all_of(
      text, [extra](char c) { return is_alnum(c) || extra.find(c) != extra.npos; });
}

std::optional<int> number_up_to(std::string_view text, int max) {
  int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > max)
    return std::nullopt;
  return value;
}

void cut_final_slashes(std::string& text) {
  while (text.ends_with('/')) text.pop_back();
}

bool is_authority(std::string_view text) {
  if (text.starts_with('[')) {
    auto close = text.find(']');
    if (close == text.npos || !is_v6(text.substr(1, close - 1))) return false;
    text.remove_prefix(close + 1);
    return text.empty() || (text.starts_with(':') && number_up_to(text.substr(1), 65'535));
  }
  auto colon = text.find(':');
  if (colon != text.npos && !number_up_to(text.substr(colon + 1), 65'535)) return false;
  auto name = text.substr(0, colon);
  return !name.empty() && all_of(name, ".-_");
}

bool is_path(std::string_view text) {
  if (!all_of(text, "/-_.~")) return false;
  for (std::size_t start = 1; start <= text.size();) {
    auto end = std::min(text.find('/', start), text.size());
    auto part = text.substr(start, end - start);
    if (part.empty() || part == "." || part == "..") return false;
    start = end + 1;
  }
  return true;
}

}  // namespace

std::optional<std::string> check_not_empty(std::string& text) {
  if (text.empty()) return "must not be empty";
  return std::nullopt;
}

std::optional<std::string> check_host(std::string& text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  if (!text.empty() && (is_v6(text) || all_of(text, ".-_"))) return std::nullopt;
  return "must be a host name or an IP address, without a port";
}

std::optional<std::string> check_public_url(std::string& text) {
  if (text.empty()) return std::nullopt;
  cut_final_slashes(text);
  std::string_view rest = text;
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!rest.starts_with(scheme)) continue;
    rest.remove_prefix(scheme.size());
    auto slash = std::min(rest.find('/'), rest.size());
    if (is_authority(rest.substr(0, slash)) && is_path(rest.substr(slash))) return std::nullopt;
  }
  return "must be a URL such as https://registry.example/npm, without query or user name";
}

std::optional<std::string> check_cidr(std::string& text) {
  if (Cidr::parse(text)) return std::nullopt;
  return "must be an address or a CIDR block such as 10.0.0.0/8 or 2001:db8::/32";
}

std::optional<std::string> check_prefix(std::string& text) {
  cut_final_slashes(text);
  bool sound = text.size() > 1 && text.starts_with('/') && is_path(text) && text[1] != '-' &&
               text.size() <= 200;
  if (sound) return std::nullopt;
  return "must be a path such as /npm; the root is served always, and /- is the registry's own";
}

std::optional<std::string> check_secret(std::string& text) {
  if (text.empty() || text.size() >= 32) return std::nullopt;
  return "must have 32 characters at least, such as `openssl rand -hex 32` prints";
}

std::optional<std::string> check_user_name(std::string& text) {
  if (is_user_name(text)) return std::nullopt;
  return "must be at most 64 of a-z, 0-9, '.', '-' and '_', beginning with a letter or digit";
}

std::optional<std::string> check_log_origin(std::string& text) {
  cut_final_slashes(text);
  const auto slash = std::min(text.find('/'), text.size());
  const std::string_view rest = text;
  if (text.empty() ||
      (text.size() <= 200 && is_authority(rest.substr(0, slash)) && is_path(rest.substr(slash))))
    return std::nullopt;
  return "must be a host with any path, without scheme, such as registry.example";
}

std::optional<std::string> check_advisory_rule(std::string& text) {
  if (parse_advisory_rule(text)) return std::nullopt;
  return "must be a rule such as */malicious=quarantine or GHSA/critical=block";
}

std::optional<std::string> check_advisory_prefix(std::string& text) {
  if (is_advisory_id(text) && text.size() <= 32 && !text.contains('-')) return std::nullopt;
  return "must be up to 32 letters, digits and '_', such as x_ADV";
}

bool is_loopback(const std::string& host) {
  auto address = IpAddress::parse(host);
  if (!address) return host == "localhost";
  return Cidr::parse("127.0.0.0/8")->contains(*address) || host == "::1";
}

}  // namespace kontor::config
