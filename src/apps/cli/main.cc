// The `kontor` command line.
#include <CLI/CLI.hpp>

#include <iostream>

#include "apps/cli/config_command.h"
#include "apps/cli/docs_command.h"
#include "apps/server/serve.h"

namespace {

using kontor::CommandContext;
using kontor::config::ConfigRequest;

// `kontor serve`, and the same under the names that package scripts use (rows CLI-01, D-12).
void add_serve(CLI::App& parent, const std::string& name, ConfigRequest& request, int& status) {
  auto* command = parent.add_subcommand(name, "Start the registry");
  kontor::add_config_options(*command, request);
  command->callback([&request, &status] { status = kontor::serve(request, KONTOR_VERSION); });
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app{"Kontor, a package registry that teams run themselves", "kontor"};
  app.set_version_flag("--version", "kontor " KONTOR_VERSION);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::help);

  CommandContext context{std::cout, std::cerr, kontor::config::process_environment(), ""};
  ConfigRequest request;
  add_serve(app, "serve", request, context.status);
  add_serve(app, "registry:start", request, context.status);
  auto* registry = app.add_subcommand("registry", "Commands of the registry");
  registry->require_subcommand(1);
  add_serve(*registry, "start", request, context.status);
  kontor::add_config_commands(app, context);
  kontor::add_docs_commands(app, context);

  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 2;
  }
  return context.status;
}
