// Requests come as forms, as the RFC has it, or as JSON, as some clients send it.
#include "registry/device_login/routes.h"

#include "base/encoding.h"
#include "base/sha256.h"
#include "http/query.h"
#include "registry/account_tokens.h"
#include "registry/device_login/device_page.h"
#include "registry/error_body.h"
#include "registry/json_body.h"
#include "registry/sessions.h"
#include "registry/token_rules.h"

#include <array>

namespace kontor {
namespace {

using http::Access;
using http::Method;
using Entry = RouteEntry<DeviceService>;

constexpr std::uint64_t kMaxForm = 16 * 1024;
constexpr std::string_view kGrant = "urn:ietf:params:oauth:grant-type:device_code";
constexpr std::string_view kBearer = "Bearer ";

// The fields of a body that is a form or a flat JSON object.
class Fields {
 public:
  Fields() = default;
  explicit Fields(Bytes form) : form_(std::move(form)) {}
  explicit Fields(Json object) : object_(std::move(object)), is_json_(true) {}

  // Empty where absent or of another type.
  std::string operator[](std::string_view name) const {
    if (!is_json_) return http::find_query_value(form_, name).value_or("");
    const Json* field = find_field(object_, name);
    return field && field->is_string() ? field->get<std::string>() : "";
  }

 private:
  Bytes form_;
  Json object_;
  bool is_json_ = false;
};

Task<Fields> read_fields(const http::Call& call) {
  const auto type = to_lower_ascii(call.request.header("content-type"));
  if (type.starts_with("application/json"))
    co_return Fields(co_await read_json_object(call.request.body));
  co_return Fields(co_await http::read_all(call.request.body, kMaxForm));
}

// Nobody but who has seen the page, or knows the code, which is as good. There is no session in the
// browser that a foreign page could abuse; this refuses forms that were not ours at all.
std::string form_token(const std::string& code) {
  return sha256("device form:" + code).hex();
}

DeviceDecisionPage decision_page(const DeviceLogin& login, const std::string& code) {
  DeviceDecisionPage page;
  page.form_token = form_token(code);
  page.user_code = code;
  page.asks = login.client_name;
  page.from = login.client;
  return page;
}

http::Response refused(const Error& error, http::Response page) {
  page.set("kontor-error-code", std::string(info(error.code).name));
  if (error.retry_after_s) page.set("retry-after", std::to_string(error.retry_after_s));
  return page;
}

http::Response no_such_code(const Error& error) {
  return refused(error, device_code_page(info(error.code).status, std::string(error.message())));
}

// {client_id, scope?}
Task<http::Response> post_code(DeviceService& service, const http::Call& call) {
  const Fields fields = co_await read_fields(call);
  const auto started =
      co_await start_device_login(service, fields["client_id"], std::string(call.request.address));
  const auto page = call.base + "/device";
  co_return private_json(
      200, {{"device_code", started.device_code},
            {"user_code", started.user_code},
            {"verification_uri", page},
            {"verification_uri_complete", page + "?user_code=" + percent_encode(started.user_code)},
            {"expires_in", kDeviceLoginLife.ms / 1000},
            {"interval", kDeviceInterval.ms / 1000}});
}

// Seconds until a login made now ends; nothing where it may live for ever.
std::optional<std::int64_t> life_of_login(const Registry& registry) {
  const auto& accounts = registry.settings->accounts;
  const auto now = registry.clock.now();
  auto end = latest_expiry(accounts, now);
  if (sessions_on(accounts))
    end = std::min(end.value_or(now + accounts.session_life), now + accounts.session_life);
  if (!end) return std::nullopt;
  return (*end - now).ms / 1000;
}

http::Response oauth_answer(std::string_view error, const std::string& description) {
  return private_json(400, {{"error", error}, {"error_description", description}});
}

http::Response waiting(std::string_view error, Duration interval) {
  const auto interval_s = std::to_string(interval.ms / 1000);
  auto response = oauth_answer(error, "The login waits for its approval; ask again in " +
                                          interval_s + " seconds at the earliest.");
  response.set("retry-after", interval_s);
  return response;
}

http::Response issued(const Registry& registry, const std::string& token) {
  Json body = {{"access_token", token}, {"token_type", "Bearer"}};
  if (const auto life = life_of_login(registry)) body["expires_in"] = *life;
  body["scope"] = "full";
  auto response = private_json(200, body);
  response.set("pragma", "no-cache");  // RFC 6749, 5.1
  return response;
}

http::Response answer_of(const Registry& registry, const DeviceAnswer& answer) {
  switch (answer.found) {
    case DevicePoll::waiting:
      return waiting("authorization_pending", answer.interval);
    case DevicePoll::too_early:
      return waiting("slow_down", answer.interval);
    case DevicePoll::expired:
      return oauth_answer("expired_token", "The device code has expired; start the login again.");
    case DevicePoll::denied:
      return oauth_answer("access_denied",
                          "The person refused the login, or their account is gone.");
    case DevicePoll::approved:
      break;
  }
  return issued(registry, answer.token);
}

// {grant_type, device_code, client_id}
Task<http::Response> post_token(DeviceService& service, const http::Call& call) {
  const Fields fields = co_await read_fields(call);
  for (const auto* name : {"grant_type", "device_code", "client_id"})
    if (fields[name].empty())
      co_return fail(Code::bad_request, std::string("The field ") + name + " is missing.");
  if (fields["grant_type"] != kGrant)
    co_return oauth_answer("unsupported_grant_type",
                           "Only the grant " + std::string(kGrant) + " is supported here.");
  const auto answer = co_await poll_device_login(service, fields["device_code"],
                                                 fields["client_id"], actor_of(call));
  if (!answer)
    co_return oauth_answer("invalid_grant",
                           "The device code is unknown or used already; start the login again.");
  co_return answer_of(service.registry, *answer);
}

Task<http::Response> show_page(DeviceService& service, const http::Call& call) {
  const auto typed = call.request.query_value("user_code").value_or("");
  if (typed.empty()) co_return device_code_page(200, {});
  const auto found =
      co_await whole(find_device_login(service, typed, std::string(call.request.address)));
  if (!found) co_return no_such_code(found.error());
  co_return device_decision_page(200, decision_page(*found, *normal_user_code(typed)));
}

Login login_in(const Bytes& form) {
  const auto value = [&](std::string_view name) {
    return http::find_query_value(form, name).value_or("");
  };
  return {value("name"), value("password"), value("otp"), {}};
}

// {form, user_code, name, password, otp?, decision}
Task<http::Response> submit_page(DeviceService& service, const http::Call& call) {
  const Bytes form = co_await http::read_all(call.request.body, kMaxForm);
  const auto field = [&form](std::string_view name) {
    return http::find_query_value(form, name).value_or("");
  };
  const auto code = normal_user_code(field("user_code")).value_or("");
  if (!equal_constant_time(field("form"), form_token(code)))
    co_return no_such_code({Code::forbidden, "The form is not from this page; try again.", {}});
  const auto found =
      co_await whole(find_device_login(service, code, std::string(call.request.address)));
  if (!found) co_return no_such_code(found.error());
  if (field("decision") == "deny") {
    const auto denied = co_await whole(deny_device_login(service, code, actor_of(call)));
    co_return denied ? device_denied_page() : no_such_code(denied.error());
  }
  Login login = login_in(form);
  auto page = decision_page(*found, code);
  page.name = login.name;
  const auto user =
      co_await whole(approve_device_login(service, code, std::move(login), actor_of(call)));
  if (user) co_return device_approved_page(user->name);
  if (user.error().code == Code::not_found) co_return no_such_code(user.error());
  page.refusal = user.error().message();
  co_return refused(user.error(),
                    device_decision_page(info(user.error().code).status, std::move(page)));
}

Task<http::Response> get_session(DeviceService& service, const http::Call& call) {
  const User user = co_await load_own_account(service.registry, call.principal);
  co_return private_json(200,
                         {{"session", {{"id", call.principal.token_key}, {"userId", user.account}}},
                          {"user",
                           {{"id", user.account},
                            {"name", user.name},
                            {"username", user.name},
                            {"email", user.email},
                            {"admin", user.is_admin},
                            {"createdAt", rfc3339(user.created)},
                            {"updatedAt", rfc3339(user.updated)}}}});
}

Task<http::Response> sign_out(DeviceService& service, const http::Call& call) {
  const auto header = call.request.header("authorization");
  const bool bearer = header.size() > kBearer.size() &&
                      equal_ignoring_case(header.substr(0, kBearer.size()), kBearer);
  if (bearer)
    co_await log_out(service.registry, actor_of(call), std::string(header.substr(kBearer.size())));
  co_return private_json(200, {{"success", true}});
}

constexpr std::array kRoutes = {
    Entry{{Method::post, "/auth/device/code", Access::open,
           "Starts a login for a program without a browser (RFC 8628): form or JSON with "
           "`client_id`."},
          post_code},
    Entry{{Method::post, "/auth/device/token", Access::open,
           "Its polls: `authorization_pending`, `slow_down`, `access_denied`, `expired_token`, or "
           "the token, once."},
          post_token},
    Entry{{Method::get, "/device", Access::open,
           "The page that asks for the code of such a login, then for a name and password."},
          show_page},
    Entry{{Method::post, "/device", Access::open, "The form of that page: approves or refuses."},
          submit_page},
    Entry{{Method::get, "/auth/get-session", Access::account, "Who is logged in."}, get_session},
    Entry{{Method::post, "/auth/sign-out", Access::open,
           "Ends the token or session it is sent with; succeeds where that is unknown."},
          sign_out},
};

std::string_view oauth_name(Code code) {
  switch (code) {
    case Code::bad_request:
    case Code::invalid_json:
    case Code::too_large:
      return "invalid_request";
    case Code::invalid_credential:
    case Code::unauthenticated:
      return "invalid_token";
    default:
      return info(code).name;
  }
}

}  // namespace

std::span<const RouteEntry<DeviceService>> device_routes() {
  return kRoutes;
}

http::Response oauth_error(const Error& error) {
  auto response = error_body(error);
  const Json body = {{"error", oauth_name(error.code)},
                     {"error_description", std::string(error.message())}};
  response.body = Bytes(body.dump(-1, ' ', false, Json::error_handler_t::replace));
  return response;
}

}  // namespace kontor
