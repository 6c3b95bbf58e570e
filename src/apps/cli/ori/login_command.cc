// `ori login`: a token, tried before it is kept. It is given, or the registry gives it for a name
// and a password.
#include "apps/cli/ori/commands.h"
#include "apps/cli/ori/registry.h"
#include "apps/cli/ori/terminal.h"
#include "base/encoding.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace kontor::cli::ori {
namespace {

struct LoginArguments {
  std::string user;  // empty: a token is given
  std::string otp;
};

// In a package's folder the manifest says which registry is meant.
Result<Place> place_to_log_in(Desk& desk) {
  const auto project = open_project(desk);
  if (project) return find_place(desk, &*project, project->manifest.name.scope, Use::publish);
  if (project.error().code != Code::not_found) return std::unexpected(project.error());
  return find_place(desk, nullptr, "");
}

Result<std::string> token_for_password(Desk& desk, const std::string& url,
                                       const LoginArguments& arguments) {
  const auto& user = arguments.user;
  const auto password = ask_secret(desk, "Password of " + user + " at " + url + ": ");
  if (!password) return password;
  auto client = RegistryClient::direct(
      {.registry = url, .ca_file = desk.options().ca_file, .otp = arguments.otp});
  const auto answer = client.call("PUT", "/-/user/org.couchdb.user:" + percent_encode(user),
                                  {{"name", user}, {"password", *password}});
  if (!answer && answer.error().code == Code::otp_required)
    return fail(Code::otp_required, "The account wants a one-time password, too: say --otp.");
  if (!answer) return std::unexpected(answer.error());
  auto token = text_of(*answer, "token");
  if (token.empty()) return fail(Code::unavailable, url + " gave no token.");
  return token;
}

Result<Done> log_in(Desk& desk, const LoginArguments& arguments) {
  auto place = place_to_log_in(desk);
  if (!place) return fail(place);
  const auto token = arguments.user.empty() ? ask_secret(desk, "Token for " + place->url + ": ")
                                            : token_for_password(desk, place->url, arguments);
  if (!token) return std::unexpected(token.error());
  place->token = *token;
  Registry registry(*place, desk.options().ca_file);
  const auto who = registry.call("GET", "/v1/whoami");
  if (!who) return std::unexpected(who.error());
  if (auto kept = store_token(desk, place->url, *token); !kept) return fail(kept);
  const auto user = text_of(*who, "username"), scope = text_of(*who, "scope");
  return Done{
      .facts = {{"registry", place->url}, {"username", user}, {"scope", scope}},
      .words = "You are " + user + " at " + place->url + "; the token may " + scope + ".\n"};
}

}  // namespace

void add_login_command(CLI::App& program, CommandContext& context) {
  const auto arguments = std::make_shared<LoginArguments>();
  auto& command = add_command(
      program, context, "login",
      "Keep a token for a registry; it, or the password of --user, is read from standard input",
      [arguments](Desk& desk) { return log_in(desk, *arguments); });
  command.add_option("--user", arguments->user, "Log in by this name and its password");
  command.add_option("--otp", arguments->otp,
                     "One-time password, for accounts that have to give one");
}

}  // namespace kontor::cli::ori
