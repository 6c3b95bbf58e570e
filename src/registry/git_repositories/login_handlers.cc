// A page that asks who connects, one that leads to the git host, one to which the host leads back.
//
// The registry keeps nothing in between: the state that travels with the browser is sealed, and
// opens only beside the cookie of the browser that began. Otherwise somebody could have another
// person confirm at the host what was begun in his own name, and would get that person's token. The
// cookie is not sent with forms of other sites.
#include "registry/git_repositories/login_handlers.h"

#include "base/encoding.h"
#include "base/json.h"
#include "base/sha256.h"
#include "http/query.h"
#include "registry/accounts.h"
#include "registry/html_page.h"
#include "registry/password_check.h"
#include "registry/random_text.h"

namespace kontor {
namespace {

constexpr std::uint64_t kMaxForm = 16 * 1024;
constexpr std::string_view kCookie = "kontor-git";
constexpr Duration kLife{10 * 60 * 1000};
constexpr std::size_t kSecretBytes = 32;

struct Begun {
  std::string user;
  std::string verifier;
};

std::string back_of(const http::Call& call) {
  return std::string(call.base) + "/git/callback";
}

// Of this browser; empty where it has none.
std::string cookie_of(const http::Request& request) {
  std::string_view rest = request.header("cookie");
  while (!rest.empty()) {
    auto one = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.starts_with(kCookie) && one.substr(kCookie.size()).starts_with('='))
      return std::string(one.substr(kCookie.size() + 1));
  }
  return {};
}

std::string form_token(const std::string& cookie) {
  return sha256("git form:" + cookie).hex();
}

std::string context_of(const std::string& cookie) {
  return "git login:" + cookie;
}

std::string seal_state(Registry& registry, const Begun& begun, const std::string& cookie) {
  const auto end = registry.clock.now() + kLife;
  const Json state = {{"user", begun.user}, {"verifier", begun.verifier}, {"end", end.ms}};
  return to_base64url(registry.secrets.seal(state.dump(), context_of(cookie)));
}

Result<Begun> open_state(Registry& registry, const std::string& text, const std::string& cookie) {
  const auto box = from_base64url(text);
  auto opened = cookie.empty() || !box ? fail(Code::forbidden)
                                       : registry.secrets.open(*box, context_of(cookie));
  if (opened) {
    const Json state = Json::parse(*opened, nullptr, false);
    const bool ours = state.is_object();
    if (ours && Timestamp{state.value("end", std::int64_t{0})} > registry.clock.now())
      return Begun{state.value("user", ""), state.value("verifier", "")};
  }
  return fail(Code::forbidden,
              "This login was not begun in this browser, or too long ago; begin "
              "again at " +
                  std::string(kGitLoginPage) + ".");
}

http::Response note(std::uint16_t status, const std::string& title, const std::string& sentence) {
  return html_page(status, title, "<p>" + escape_html(sentence) + "</p>");
}

http::Response with_code(http::Response page, const Error& error) {
  page.set("kontor-error-code", std::string(info(error.code).name));
  if (error.retry_after_s) page.set("retry-after", std::to_string(error.retry_after_s));
  return page;
}

http::Response refusal(const Error& error) {
  return with_code(note(info(error.code).status, "Not connected", std::string(error.message())),
                   error);
}

http::Response form_page(std::uint16_t status, const http::Call& call, const std::string& cookie,
                         const std::string& name, const std::string& refused) {
  std::string body =
      "<p>Log in to the account that shall be connected with yours at the git host.</p>" +
      html_refusal(refused);
  body += "<form method=\"post\" action=\"" + escape_html(call.base) + kGitLoginPage +
          "\"><input type=\"hidden\" name=\"form\" value=\"" + form_token(cookie) + "\">";
  body += html_login_inputs(name);
  return html_page(status, "Connect with the git host", body + "<button>Go on</button></form>");
}

// Leads to the host: a form's answer may not, by the policy of our pages.
http::Response leading_page(const std::string& user, const std::string& url) {
  return html_page(200, "Connect with the git host",
                   "<p>You are <strong>" + escape_html(user) +
                       "</strong>. The git host will ask whether this registry may make "
                       "repositories for you.</p><p><a rel=\"noreferrer\" href=\"" +
                       escape_html(url) + "\">Go on to the git host</a></p>");
}

Result<void> require_login(const GitService& service) {
  if (service.host && service.login) return {};
  return fail(Code::not_implemented,
              "This registry is not registered at a git host; connect by a token: progy connect.");
}

Task<std::string> connect_begun(GitService& service, const http::Call& call, Begun begun,
                                std::string code) {
  const auto user = co_await service.registry.accounts.find_user(begun.user);
  if (!user) co_return fail(Code::forbidden, "There is no such account any more.");
  auto token = co_await service.login->token_for({std::move(code), begun.verifier, back_of(call)});
  Actor actor{password_principal(*user, std::string(call.request.address)),
              std::string(call.request.id)};
  co_return co_await connect_git(service, std::move(actor), std::move(token));
}

}  // namespace

Task<http::Response> show_git_login(GitService& service, const http::Call& call) {
  if (auto ready = require_login(service); !ready) co_return refusal(ready.error());
  const auto cookie = random_hex(service.registry.entropy, kSecretBytes);
  auto page = form_page(200, call, cookie, {}, {});
  const bool tls = call.base.starts_with("https://");
  page.set("set-cookie", std::string(kCookie) + "=" + cookie +
                             "; Path=/; Max-Age=" + std::to_string(kLife.ms / 1000) +
                             "; HttpOnly; SameSite=Lax" + (tls ? "; Secure" : ""));
  co_return page;
}

// {form, name, password, otp?}
Task<http::Response> submit_git_login(GitService& service, const http::Call& call) {
  if (auto ready = require_login(service); !ready) co_return refusal(ready.error());
  Registry& registry = service.registry;
  const Bytes form = co_await http::read_all(call.request.body, kMaxForm);
  const auto field = [&form](std::string_view name) {
    return http::find_query_value(form, name).value_or("");
  };
  const auto cookie = cookie_of(call.request);
  if (cookie.empty() || !equal_constant_time(field("form"), form_token(cookie)))
    co_return refusal({Code::forbidden, "The form is not from our page; begin again.", {}});
  Login login{field("name"), field("password"), field("otp"), {}};
  const auto name = login.name;
  const auto user = co_await whole(
      log_in(registry, std::move(login), {call.principal, std::string(call.request.id)}));
  if (!user)
    co_return with_code(form_page(info(user.error().code).status, call, cookie, name,
                                  std::string(user.error().message())),
                        user.error());
  const Begun begun{user->name, to_base64url(registry.entropy.bytes(kSecretBytes))};
  co_return leading_page(user->name,
                         service.login->page({back_of(call), seal_state(registry, begun, cookie),
                                              to_base64url(sha256(begun.verifier).view())}));
}

// ?code&state, or ?error&state
Task<http::Response> finish_git_login(GitService& service, const http::Call& call) {
  if (auto ready = require_login(service); !ready) co_return refusal(ready.error());
  const auto asked = [&call](std::string_view name) {
    return call.request.query_value(name).value_or("");
  };
  auto begun = open_state(service.registry, asked("state"), cookie_of(call.request));
  if (!begun) co_return refusal(begun.error());
  auto code = asked("code");
  if (code.empty())
    co_return refusal({Code::forbidden, "The git host was not allowed to connect you.", {}});
  const auto login =
      co_await whole(connect_begun(service, call, std::move(*begun), std::move(code)));
  if (!login) co_return refusal(login.error());
  co_return note(200, "Connected",
                 "You are connected with " + *login + " at the git host. This page can be closed.");
}

}  // namespace kontor
