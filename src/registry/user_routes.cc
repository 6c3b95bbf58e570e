// Decode, call the use case, encode.
#include "registry/user_routes.h"

#include "registry/accounts.h"
#include "registry/json_body.h"

#include <array>
#include <charconv>

namespace kontor {
namespace {

using http::Access;
using http::Method;
using Entry = RouteEntry<Registry>;

constexpr std::uint32_t kDefaultListed = 100;

std::string_view mode_name(TwoFactorMode mode) {
  switch (mode) {
    case TwoFactorMode::off:
      return "off";
    case TwoFactorMode::auth_only:
      return "auth-only";
    case TwoFactorMode::auth_and_writes:
      return "auth-and-writes";
  }
  return "";
}

Json user_object(const User& user) {
  return {{"name", user.name},
          {"email", user.email},
          {"admin", user.is_admin},
          {"two_factor", mode_name(user.totp_pending ? TwoFactorMode::off : user.two_factor)},
          {"created", rfc3339(user.created)},
          {"updated", rfc3339(user.updated)}};
}

// The password of the body, or a generated one, which the answer then shows this once.
struct ChosenPassword {
  std::string text;
  bool generated = false;
};
Result<ChosenPassword> choose_password(Registry& registry, const Json& body) {
  auto given = text_field(body, "password");
  if (!given) return fail(given);
  if (*given) return ChosenPassword{std::move(**given), false};
  return ChosenPassword{generate_password(registry), true};
}

http::Response with_password(std::uint16_t status, const User& user,
                             const ChosenPassword& password) {
  Json body = user_object(user);
  if (password.generated) body["password"] = password.text;
  return private_json(status, body);
}

std::uint32_t limit_of(const http::Request& request) {
  const auto text = request.query_value("limit").value_or("");
  std::uint32_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  const bool whole_text = error == std::errc{} && end == text.data() + text.size();
  return whole_text && limit > 0 ? limit : kDefaultListed;
}

// {name, email?, password?, admin?}
Task<http::Response> post_user(Registry& registry, const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  const auto password = co_await choose_password(registry, body);
  NewUser user;
  user.name = co_await required_text_field(body, "name");
  user.email = (co_await text_field(body, "email")).value_or("");
  user.is_admin = (co_await flag_field(body, "admin")).value_or(false);
  user.password = password.text;
  const User created = co_await create_user(registry, actor_of(call), std::move(user));
  co_return with_password(201, created, password);
}

// ?after=NAME&limit=N; `next` is the value of `after` for the page that follows.
Task<http::Response> get_users(Registry& registry, const http::Call& call) {
  const auto limit = limit_of(call.request);
  const auto users = co_await list_users(registry, call.principal,
                                         call.request.query_value("after").value_or(""), limit);
  Json body = {{"users", Json::array()}};
  for (const auto& user : users) body["users"].push_back(user_object(user));
  const bool full = !users.empty() && users.size() >= std::min(limit, 1000u);
  body["next"] = full ? Json(users.back().name) : Json(nullptr);
  co_return private_json(200, body);
}

Task<http::Response> delete_user(Registry& registry, const http::Call& call) {
  co_await remove_user(registry, actor_of(call), call.params["name"]);
  co_return private_json(200, {{"ok", true}});
}

// {password?, drop_two_factor?}
Task<http::Response> post_password(Registry& registry, const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  const auto password = co_await choose_password(registry, body);
  PasswordReset reset{call.params["name"], password.text, false};
  reset.drop_two_factor = (co_await flag_field(body, "drop_two_factor")).value_or(false);
  const User user = co_await reset_password(registry, actor_of(call), std::move(reset));
  co_return with_password(200, user, password);
}

constexpr std::array kRoutes = {
    Entry{{Method::post, "/-/kontor/v1/users", Access::admin,
           "Creates a user; without a password one is generated and shown once."},
          post_user},
    Entry{{Method::get, "/-/kontor/v1/users", Access::admin, "Lists users by name."}, get_users},
    Entry{{Method::del, "/-/kontor/v1/users/:name", Access::admin,
           "Removes a user with all tokens and package roles."},
          delete_user},
    Entry{{Method::post, "/-/kontor/v1/users/:name/password", Access::admin,
           "Sets or generates a user's password; may drop the second factor."},
          post_password},
};

}  // namespace

std::span<const RouteEntry<Registry>> user_routes() {
  return kRoutes;
}

}  // namespace kontor
