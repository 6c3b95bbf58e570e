// `progy connect`: the account at the git host where portfolios are made. Row PRG-10.
#include "apps/cli/progy/commands.h"
#include "apps/cli/progy/registry_api.h"

#include <CLI/CLI.hpp>

namespace kontor::cli::progy {
namespace {

constexpr const char* kPath = "/git/connection";

struct Arguments {
  bool shown = false;
  bool forgotten = false;
};

// From standard input: command lines are seen by others and kept by shells.
Outcome<Json> connect(Desk& desk, RegistryApi& api) {
  const auto token = desk.ask_secret("Your token at the git host");
  if (token.empty())
    return fail(Code::bad_request,
                "Make a token at your git host that may create repositories and push to them, and "
                "give it on standard input: progy connect < token.txt");
  return api.call("PUT", kPath, {{"token", token}});
}

Outcome<Done> run(Desk& desk, const Arguments& arguments) {
  if (desk.settings().token.empty())
    return fail(Code::unauthenticated,
                "You are not logged in to " + desk.settings().registry + "; run: progy login");
  RegistryApi api(desk);
  const auto answer = arguments.shown       ? api.call("GET", kPath)
                      : arguments.forgotten ? api.call("DELETE", kPath)
                                            : connect(desk, api);
  if (!answer) return std::unexpected(answer.error());
  const auto login = text_of(*answer, "login");
  return Done{*answer,
              login.empty() ? "Not connected with an account at the git host.\n"
                            : "Connected with " + printable(login) + " at the git host.\n",
              kDone};
}

}  // namespace

void add_connect_command(CLI::App& program, CommandContext& context) {
  const auto arguments = std::make_shared<Arguments>();
  auto& command = add_command(program, context, "connect",
                              "Connect with your git host, by a token on standard input",
                              [arguments](Desk& desk) { return run(desk, *arguments); });
  auto* shown = command.add_flag("--show", arguments->shown, "Say which account it is");
  command.add_flag("--forget", arguments->forgotten, "Have the registry forget the token")
      ->excludes(shown);
}

}  // namespace kontor::cli::progy
