// `npm token list|create|revoke`.
#include "formats/npm/account_handlers.h"
#include "formats/npm/handler_support.h"
#include "formats/npm/token_wish.h"
#include "registry/account_tokens.h"
#include "registry/json_body.h"

#include <charconv>

namespace kontor::npm {
namespace {

constexpr std::uint32_t kDefaultPerPage = 10;
constexpr std::uint32_t kMaxPerPage = 1000;
constexpr std::uint32_t kMaxPage = 100'000;

// A query parameter as a number up to `max`; `otherwise` where it is absent or none.
std::uint32_t query_number(const http::Request& request, std::string_view name,
                           std::uint32_t otherwise, std::uint32_t max) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error == std::errc::result_out_of_range) return max;
  if (error != std::errc{} || end != text->data() + text->size()) return otherwise;
  return std::min(value, max);
}

Json time_or_null(const std::optional<Timestamp>& at) {
  return at ? Json(rfc3339(*at)) : Json(nullptr);
}

// What the token may do, in the words of granular tokens.
Json permissions_of(const TokenRecord& token) {
  const char* action = token.rights == TokenRights::read_only ? "read" : "write";
  return Json::array({{{"name", "package"}, {"action", action}}});
}

Json scopes_of(const TokenRecord& token) {
  Json scopes = Json::array();
  for (const auto& pattern : token.packages) {
    const bool scope = pattern.starts_with('@') && pattern.ends_with("/*");
    scopes.push_back({{"type", scope ? "scope" : "package"},
                      {"name", scope ? pattern.substr(0, pattern.size() - 2) : pattern}});
  }
  return scopes;
}

// `shown` is the beginning of the secret in lists (npm finds a token to revoke by it) and the whole
// secret in the one answer that issues it.
Json token_object(const TokenRecord& token, const std::string& shown) {
  const Json cidrs = token.cidrs.empty() ? Json(nullptr) : Json(token.cidrs);
  return {{"key", token.key},
          {"token", shown},
          {"name", token.name},
          {"created", rfc3339(token.created)},
          {"updated", rfc3339(token.created)},
          {"accessed", time_or_null(token.last_used)},
          {"expires", time_or_null(token.expires)},
          {"expiry", time_or_null(token.expires)},
          {"revoked", nullptr},
          {"readonly", token.rights == TokenRights::read_only},
          {"cidr_whitelist", cidrs},
          {"cidr", cidrs},
          {"bypass_2fa", token.bypass_two_factor},
          {"permissions", permissions_of(token)},
          {"scopes", scopes_of(token)}};
}

// Relative to the registry, without its prefix: npm joins it to the URL it has.
std::string page_url(std::uint32_t page, std::uint32_t per_page) {
  return "/-/npm/v1/tokens?page=" + std::to_string(page) + "&perPage=" + std::to_string(per_page);
}

}  // namespace

Task<http::Response> list_tokens(Service& service, const http::Call& call) {
  const auto page = query_number(call.request, "page", 0, kMaxPage);
  const auto per_page =
      std::max(1u, query_number(call.request, "perPage", kDefaultPerPage, kMaxPerPage));
  const auto found =
      co_await list_own_tokens(service.registry, call.principal, page * per_page, per_page);
  Json body = {{"objects", Json::array()}, {"total", found.total}, {"urls", Json::object()}};
  for (const auto& token : found.tokens)
    body["objects"].push_back(token_object(token, token.shown));
  const std::uint64_t seen = std::uint64_t{page} * per_page + found.tokens.size();
  if (!found.tokens.empty() && seen < found.total)
    body["urls"]["next"] = page_url(page + 1, per_page);
  if (page > 0) body["urls"]["prev"] = page_url(page - 1, per_page);
  co_return private_json(200, body);
}

Task<http::Response> create_token(Service& service, const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  TokenWish wish = co_await parse_token_wish(body, service.registry.clock.now());
  auto password = co_await required_text_field(body, "password");
  const auto issued =
      co_await issue_token(service.registry, actor_of(call), std::move(password), std::move(wish));
  co_return private_json(201, token_object(issued.record, issued.text));
}

Task<http::Response> delete_token(Service& service, const http::Call& call) {
  co_await revoke_token(service.registry, actor_of(call), call.params["key"]);
  http::Response response;
  response.status = 204;
  co_return response;
}

}  // namespace kontor::npm
