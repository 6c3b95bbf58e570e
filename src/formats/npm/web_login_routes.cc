// Browser logins: the client's start and polls, the person's page and form.
#include "base/encoding.h"
#include "base/sha256.h"
#include "formats/npm/account_handlers.h"
#include "formats/npm/handler_support.h"
#include "formats/npm/login_page.h"
#include "http/query.h"
#include "registry/json_body.h"
#include "registry/web_login.h"

namespace kontor::npm {
namespace {

constexpr std::uint64_t kMaxForm = 16 * 1024;
constexpr const char* kPollSeconds = "1";

// Nobody but who has seen the page (or its URL, which is as good) knows it. There is no session in
// the browser that a foreign page could abuse; this refuses forms that were not ours at all.
std::string form_token(const std::string& page) {
  return sha256("login form:" + page).hex();
}

LoginPage page_for(const Service& service, const http::Call& call) {
  LoginPage page;
  page.form_token = form_token(call.params["page"]);
  page.can_register = service.registry.settings->accounts.allow_registration;
  page.registering = page.can_register && call.request.query_value("create") == "1";
  return page;
}

// A try that was refused: the form again, with the reason. A login that is gone has no form.
http::Response refused(const Error& error, LoginPage page, std::string name) {
  if (error.code == Code::not_found) return login_gone_page(std::string(error.message()));
  page.message = error.message();
  page.name = std::move(name);
  auto response = login_page(info(error.code).status, page);
  response.set("kontor-error-code", std::string(info(error.code).name));
  if (error.retry_after_s) response.set("retry-after", std::to_string(error.retry_after_s));
  return response;
}

Login parse_form(const Bytes& form, bool registering) {
  const auto value = [&](std::string_view name) {
    return http::find_query_value(form, name).value_or("");
  };
  Login login{value("name"), value("password"), value("otp"), {}};
  if (registering) login.email_of_new_account = value("email");
  return login;
}

}  // namespace

Task<http::Response> start_web(Service& service, const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  const bool create = (co_await flag_field(body, "create")).value_or(false);
  if (create && !service.registry.settings->accounts.allow_registration)
    co_return fail(Code::registration_closed);
  const auto started =
      co_await start_web_login(service.registry, std::string(call.request.address));
  co_return private_json(
      200, {{"loginUrl", call.base + "/-/login/" + started.page + (create ? "?create=1" : "")},
            {"doneUrl", call.base + "/-/v1/done/" + started.poll}});
}

Task<http::Response> poll_web(Service& service, const http::Call& call) {
  const bool head = call.request.method == http::Method::head;  // must not use up the token
  std::optional<std::string> issued;
  if (!head)
    issued = co_await poll_web_login(service.registry, call.params["poll"], actor_of(call));
  if (issued) co_return private_json(200, {{"token", *issued}});
  auto waiting = private_json(202, Json::object());
  waiting.set("retry-after", kPollSeconds);
  co_return waiting;
}

Task<http::Response> show_login_page(Service& service, const http::Call& call) {
  const auto there = co_await whole(find_web_login_page(service.registry, call.params["page"]));
  if (!there) co_return refused(there.error(), page_for(service, call), {});
  co_return login_page(200, page_for(service, call));
}

Task<http::Response> submit_login_page(Service& service, const http::Call& call) {
  const Bytes form = co_await http::read_all(call.request.body, kMaxForm);
  LoginPage page = page_for(service, call);
  Login login = parse_form(form, page.registering);
  const auto token = http::find_query_value(form, "form").value_or("");
  if (!equal_constant_time(token, page.form_token)) {
    const Error stale{Code::forbidden, "The form is not from this page; try again.", {}};
    co_return refused(stale, std::move(page), {});
  }
  const std::string name = login.name;
  const auto user = co_await whole(
      approve_web_login(service.registry, call.params["page"], std::move(login), actor_of(call)));
  if (!user) co_return refused(user.error(), std::move(page), name);
  co_return login_done_page(user->name);
}

}  // namespace kontor::npm
