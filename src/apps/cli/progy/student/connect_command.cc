// `progy connect`: the account at the git host where portfolios are made. Row PRG-10.
#include "apps/cli/progy/commands.h"
#include "apps/cli/progy/registry_api.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <thread>

namespace kontor::cli::progy {
namespace {

constexpr const char* kPath = "/git/connection";
constexpr std::chrono::seconds kPause{2};
constexpr int kPauses = 300;  // as long as the pages take a login

struct Arguments {
  bool shown = false;
  bool forgotten = false;
  bool by_browser = false;
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

// On the host's own page; the registry gets a token from the host.
Outcome<Json> connect_by_browser(Desk& desk, RegistryApi& api) {
  const auto before = api.call("GET", kPath);
  if (!before) return before;
  const auto page = text_of(*before, "page");
  if (page.empty())
    return fail(Code::not_implemented,
                "This registry connects by tokens only: progy connect < token.txt");
  desk.show("Open " + printable(page) + " in a browser\nWaiting for you ...");
  for (int i = 0; i < kPauses; ++i) {
    std::this_thread::sleep_for(kPause);
    const auto now = api.call("GET", kPath);
    // A network that is away for a moment loses no login.
    if (!now && now.error().code == Code::unavailable) continue;
    if (!now) return now;
    const auto since = text_of(*now, "since");
    if (!since.empty() && since != text_of(*before, "since")) return now;
  }
  return fail(Code::forbidden, "Nobody connected in time; run progy connect again.");
}

Outcome<Done> run(Desk& desk, const Arguments& arguments) {
  if (desk.settings().token.empty())
    return fail(Code::unauthenticated,
                "You are not logged in to " + desk.settings().registry + "; run: progy login");
  RegistryApi api(desk);
  const auto answer = arguments.shown        ? api.call("GET", kPath)
                      : arguments.forgotten  ? api.call("DELETE", kPath)
                      : arguments.by_browser ? connect_by_browser(desk, api)
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
                              "Connect with your git host, by a token on standard input or a page",
                              [arguments](Desk& desk) { return run(desk, *arguments); });
  auto* shown = command.add_flag("--show", arguments->shown, "Say which account it is");
  auto* forgotten =
      command.add_flag("--forget", arguments->forgotten, "Have the registry forget the token")
          ->excludes(shown);
  command.add_flag("--browser", arguments->by_browser, "Connect on a page of the git host instead")
      ->excludes(shown)
      ->excludes(forgotten);
}

}  // namespace kontor::cli::progy
