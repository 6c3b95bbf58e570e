// Tokens by the scopes of Ori: read, publish, admin. Rows ORI-14, AUTH-03.
#include "formats/ori/handler_support.h"
#include "formats/ori/handlers.h"
#include "registry/account_tokens.h"
#include "registry/json_body.h"

namespace kontor::ori {
namespace {

constexpr std::uint32_t kListed = 1000;

// A scope holds those before it.
std::string_view scope_name(TokenRights rights) {
  switch (rights) {
    case TokenRights::read_only:
      return "read";
    case TokenRights::publish:
      return "publish";
    case TokenRights::full:
      return "admin";
  }
  return "";
}

Result<TokenRights> rights_of(const std::string& scope) {
  for (const auto rights : {TokenRights::read_only, TokenRights::publish, TokenRights::full})
    if (scope == scope_name(rights)) return rights;
  return fail(Code::bad_request, "scope must be \"read\", \"publish\" or \"admin\".");
}

Json time_or_null(const std::optional<Timestamp>& at) {
  return at ? Json(rfc3339(*at)) : Json(nullptr);
}

Json token_object(const TokenRecord& token) {
  return {{"id", token.key},
          {"name", token.name},
          {"shown", token.shown},
          {"scope", scope_name(token.rights)},
          {"packages", token.packages},
          {"cidr", token.cidrs},
          {"createdAt", rfc3339(token.created)},
          {"expiresAt", time_or_null(token.expires)},
          {"lastUsedAt", time_or_null(token.last_used)}};
}

// {name?, scope, packages?, cidr?, expiresAt?}
Result<TokenWish> wish_of(const Json& body) {
  TokenWish wish;
  auto name = text_field(body, "name");
  if (!name) return fail(name);
  wish.name = name->value_or("");
  auto scope = required_text_field(body, "scope");
  if (!scope) return fail(scope);
  auto rights = rights_of(*scope);
  if (!rights) return fail(rights);
  wish.rights = *rights;
  auto packages = texts_field(body, "packages"), cidrs = texts_field(body, "cidr");
  if (!packages) return fail(packages);
  if (!cidrs) return fail(cidrs);
  wish.packages = std::move(*packages);
  wish.cidrs = std::move(*cidrs);
  auto expires = text_field(body, "expiresAt");
  if (!expires) return fail(expires);
  if (*expires && !(wish.expires = parse_rfc3339(**expires)))
    return fail(Code::bad_request, "expiresAt must be a time such as 2027-01-31T00:00:00Z.");
  return wish;
}

}  // namespace

Task<http::Response> get_tokens(Service& service, const http::Call& call) {
  const auto page = co_await list_own_tokens(service.registry, call.principal, 0, kListed);
  Json tokens = Json::array();
  for (const auto& token : page.tokens) tokens.push_back(token_object(token));
  co_return fresh({{"tokens", std::move(tokens)}, {"total", page.total}});
}

// The wish, and the user's password, so that a stolen token cannot make others.
Task<http::Response> post_token(Service& service, const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  auto wish = co_await wish_of(body);
  auto password = co_await required_text_field(body, "password");
  const auto issued =
      co_await issue_token(service.registry, actor_of(call), std::move(password), std::move(wish));
  Json answer = token_object(issued.record);
  answer["token"] = issued.text;
  co_return private_json(201, answer);
}

Task<http::Response> delete_token(Service& service, const http::Call& call) {
  co_await revoke_token(service.registry, actor_of(call), call.params["id"]);
  http::Response response;
  response.status = 204;
  co_return response;
}

Task<http::Response> whoami(Service&, const http::Call& call) {
  const Principal& who = call.principal;
  co_return fresh({{"username", who.name},
                   {"admin", who.is_admin},
                   {"scope", scope_name(who.rights)},
                   {"packages", who.packages}});
}

}  // namespace kontor::ori
