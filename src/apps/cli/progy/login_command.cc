// Logging in by the device grant (RFC 8628): the password is typed in a browser. Row PGC-09.
#include "apps/cli/progy/commands.h"
#include "apps/cli/progy/registry_api.h"
#include "base/encoding.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

namespace kontor::cli::progy {
namespace {

constexpr const char* kClient = "progy-cli";
constexpr const char* kGrant = "urn:ietf:params:oauth:grant-type:device_code";
constexpr std::int64_t kSlower = 5;  // seconds that slow_down adds

std::int64_t number_of(const Json& object, const char* name, std::int64_t fallback) {
  const auto it = object.find(name);
  return it != object.end() && it->is_number_integer() ? it->get<std::int64_t>() : fallback;
}

std::unexpected<Failure> refused(const Json& answer) {
  const auto error = text_of(answer, "error");
  auto text = text_of(answer, "error_description");
  if (error == "access_denied") text = "The login was refused on the page.";
  if (error == "expired_token") text = "Nobody entered the code in time; run progy login again.";
  if (text.empty()) text = "The registry refused the login: " + error + ".";
  Failure failure(Error{Code::forbidden, std::move(text), {}});
  failure.name = error;
  return std::unexpected(std::move(failure));
}

// Asks until the person has decided.
Outcome<std::string> await_token(RegistryApi& api, const Json& started) {
  using Clock = std::chrono::steady_clock;
  auto interval = std::clamp<std::int64_t>(number_of(started, "interval", 5), 1, 60);
  const auto end = Clock::now() + std::chrono::seconds(number_of(started, "expires_in", 15 * 60));
  while (Clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::seconds(interval));
    const auto answer =
        api.post_form("/auth/device/token", {{"grant_type", kGrant},
                                             {"device_code", text_of(started, "device_code")},
                                             {"client_id", kClient}});
    // A network that is away for a moment loses no login.
    if (!answer && answer.error().code == Code::unavailable) continue;
    if (!answer) return std::unexpected(answer.error());
    auto token = text_of(*answer, "access_token");
    if (!token.empty()) return token;
    const auto error = text_of(*answer, "error");
    if (error == "slow_down") interval = std::min<std::int64_t>(interval + kSlower, 60);
    if (error != "slow_down" && error != "authorization_pending") return refused(*answer);
  }
  return refused({{"error", "expired_token"}});
}

// Whose the token of the settings is.
Outcome<std::string> user_of_session(RegistryApi& api) {
  const auto answer = api.call("GET", "/auth/get-session");
  if (!answer) return std::unexpected(answer.error());
  const auto user = answer->is_object() ? answer->find("user") : answer->end();
  if (!answer->is_object() || user == answer->end() || !user->is_object())
    return fail(Code::unauthenticated, "The session has ended; log in again: progy login");
  const auto name = text_of(*user, "username");
  return name.empty() ? text_of(*user, "name") : name;
}

Outcome<Done> log_in(Desk& desk) {
  RegistryApi api(desk);
  const auto started = api.post_form("/auth/device/code", {{"client_id", kClient}});
  if (!started) return std::unexpected(started.error());
  if (text_of(*started, "device_code").empty()) return refused(*started);
  desk.show("Open " + text_of(*started, "verification_uri") +
            " in a browser and enter the code\n\n  " + text_of(*started, "user_code") +
            "\n\nor go straight to " + text_of(*started, "verification_uri_complete") +
            "\nWaiting for you ...");
  const auto token = await_token(api, *started);
  if (!token) return std::unexpected(token.error());
  RegistryApi own(api.url(), *token, desk.options().ca_file);
  const auto user = user_of_session(own);
  if (!user) return std::unexpected(user.error());
  if (auto stored = desk.remember_login(*token, *user); !stored)
    return std::unexpected(stored.error());
  return Done{{{"user", *user}, {"registry", api.url()}},
              "Logged in to " + api.url() + " as " + printable(*user) + ".\n"};
}

Outcome<Done> log_out(Desk& desk) {
  if (desk.settings().token.empty())
    return Done{Json::object(), "You are not logged in to " + desk.settings().registry + ".\n"};
  RegistryApi api(desk);
  const auto ended = api.call("POST", "/auth/sign-out");
  if (auto forgotten = desk.remember_login("", ""); !forgotten)
    return std::unexpected(forgotten.error());
  if (!ended)
    desk.warn("The token is forgotten here, but the registry did not end it: " +
              ended.error().message);
  return Done{Json::object(), "Logged out of " + api.url() + ".\n"};
}

Outcome<Done> who_am_i(Desk& desk) {
  if (desk.settings().token.empty())
    return fail(Code::unauthenticated,
                "You are not logged in to " + desk.settings().registry + "; run: progy login");
  RegistryApi api(desk);
  const auto user = user_of_session(api);
  if (!user) return std::unexpected(user.error());
  return Done{{{"user", *user}, {"registry", api.url()}}, printable(*user) + "\n"};
}

// What an interrupted renaming left is done by the same call under the name that is stored here.
Outcome<Done> rename(Desk& desk, const std::string& name) {
  if (desk.settings().token.empty())
    return fail(Code::unauthenticated,
                "You are not logged in to " + desk.settings().registry + "; run: progy login");
  RegistryApi api(desk);
  auto user = desk.settings().user;
  const bool stored = !user.empty();
  if (!stored) {
    auto told = user_of_session(api);
    if (!told) return std::unexpected(told.error());
    user = *std::move(told);
  }
  const auto answer =
      api.call("POST", "/registry/users/" + percent_encode(user) + "/rename", {{"name", name}});
  if (!answer) return std::unexpected(answer.error());
  if (stored)
    if (auto kept = desk.remember_login(desk.settings().token, name); !kept)
      return std::unexpected(kept.error());
  Done done{{{"user", name}, {"packages", answer->value("packages", Json::array())}},
            "You are " + printable(name) + " now.\n",
            kDone};
  for (const auto& course : done.facts["packages"])
    if (course.is_string()) done.words += "  " + printable(course.get<std::string>()) + "\n";
  return done;
}

}  // namespace

void add_login_commands(CLI::App& program, CommandContext& context) {
  add_command(program, context, "login", "Log in with a browser", log_in);
  add_command(program, context, "logout", "End the session and forget its token", log_out);
  add_command(program, context, "whoami", "Say who is logged in", who_am_i);
  const auto name = std::make_shared<std::string>();
  add_command(program, context, "rename", "Get another user name; your courses go along",
              [name](Desk& desk) { return rename(desk, *name); })
      .add_option("name", *name, "The new name")
      ->required();
}

}  // namespace kontor::cli::progy
