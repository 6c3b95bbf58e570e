// Login by name and password as CouchDB spelt it, and identity.
#include "formats/npm/account_handlers.h"
#include "formats/npm/handler_support.h"
#include "registry/account_tokens.h"
#include "registry/accounts.h"
#include "registry/json_body.h"

namespace kontor::npm {
namespace {

constexpr std::string_view kUserPrefix = "org.couchdb.user:";

Result<std::string> named_user(const http::Call& call) {
  const std::string& text = call.params["user"];
  if (!text.starts_with(kUserPrefix)) return fail(Code::not_found);
  return text.substr(kUserPrefix.size());
}

std::string user_id(const std::string& name) {
  return std::string(kUserPrefix) + name;
}

std::string revision_of(const User& user) {
  return std::to_string(user.revision) + "-0";
}

// The body of login and registration: {_id, name, password, type, roles, date[, email]}.
Result<Login> parse_login(const Json& body, const std::string& name, std::string_view otp) {
  Login login;
  login.name = name;
  login.otp = otp;
  auto stated = text_field(body, "name");
  if (!stated) return fail(stated);
  if (*stated && **stated != name)
    return fail(Code::bad_request, "The name in the body differs from the one in the URL.");
  auto password = required_text_field(body, "password");
  if (!password) return fail(password);
  login.password = std::move(*password);
  auto email = text_field(body, "email");
  if (!email) return fail(email);
  login.email_of_new_account = std::move(*email);
  return login;
}

}  // namespace

Task<http::Response> put_user(Service& service, const http::Call& call) {
  const auto name = co_await named_user(call);
  const Json body = co_await read_json_object(call.request.body);
  Login login = co_await parse_login(body, name, call.request.header("npm-otp"));
  const User user = co_await log_in(service.registry, std::move(login), actor_of(call));
  const auto token = co_await issue_login(service.registry, user, "login", actor_of(call));
  co_return private_json(
      201,
      {{"ok", true}, {"id", user_id(user.name)}, {"rev", revision_of(user)}, {"token", token}});
}

Task<http::Response> get_user(Service& service, const http::Call& call) {
  const auto name = co_await named_user(call);
  const auto user = co_await service.registry.accounts.find_user(name);
  if (!user) co_return fail(Code::not_found, "There is no such user.");
  co_return private_json(200, {{"_id", user_id(user->name)},
                               {"_rev", revision_of(*user)},
                               {"name", user->name},
                               {"email", user->email},
                               {"type", "user"},
                               {"roles", Json::array()},
                               {"date", rfc3339(user->updated)}});
}

Task<http::Response> whoami(Service&, const http::Call& call) {
  co_return private_json(200, {{"username", call.principal.name}});
}

Task<http::Response> log_out_token(Service& service, const http::Call& call) {
  co_await log_out(service.registry, actor_of(call), call.params["token"]);
  co_return private_json(200, {{"ok", "Logged out"}});
}

}  // namespace kontor::npm
