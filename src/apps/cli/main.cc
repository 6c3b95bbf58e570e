// The `kontor` command line.
#include "apps/cli/advisory/advisory_command.h"
#include "apps/cli/backup_command.h"
#include "apps/cli/config_command.h"
#include "apps/cli/deploy/deploy_command.h"
#include "apps/cli/docs_command.h"
#include "apps/cli/errors_command.h"
#include "apps/cli/export_courses_command.h"
#include "apps/cli/fsck_command.h"
#include "apps/cli/gc_command.h"
#include "apps/cli/import_command.h"
#include "apps/cli/import_courses_command.h"
#include "apps/cli/keys_command.h"
#include "apps/cli/log/audit_log_command.h"
#include "apps/cli/log/log_command.h"
#include "apps/cli/log/monitor_command.h"
#include "apps/cli/log/verify_command.h"
#include "apps/cli/log/witness_command.h"
#include "apps/cli/programs.h"
#include "apps/cli/progy/migrate_command.h"
#include "apps/cli/purchases_command.h"
#include "apps/cli/schema_command.h"
#include "apps/cli/signer_command.h"
#include "apps/cli/users_command.h"
#include "apps/server/processing/worker.h"
#include "apps/server/serve.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

namespace {

using kontor::CommandContext;
using kontor::config::ConfigRequest;

// `kontor serve`, and the same under the names that package scripts use (rows CLI-01, D-12).
void add_serve(CLI::App& parent, const std::string& name, ConfigRequest& request, int& status) {
  auto* command = parent.add_subcommand(name, "Start the registry");
  kontor::add_config_options(*command, request);
  command->callback([&request, &status] { status = kontor::serve(request, KONTOR_VERSION); });
}

// Package scripts spell groups with colons: `registry:start` is `registry start` (row D-12).
void split_groups(std::vector<std::string>& words) {
  for (std::size_t at = 0; at < words.size() && !words[at].starts_with('-'); ++at) {
    const auto colon = words[at].find(':');
    if (colon == std::string::npos || colon == 0) break;
    words.insert(words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words[at].substr(colon + 1));
    words[at].resize(colon);
  }
}

// CLI11 says that a command is missing where an unknown word stands in its place.
std::string failure_message(const CLI::App* app, const CLI::Error& error) {
  const auto unknown = app->remaining(true);
  const bool no_command = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
  if (!no_command || unknown.empty()) return CLI::FailureMessage::help(app, error);
  return "ERROR: There is no command \"" + unknown.front() + "\"\n" + app->help();
}

void add_kontor_commands(CLI::App& app, ConfigRequest& request, CommandContext& context) {
  add_serve(app, "serve", request, context.status);
  auto* registry = app.add_subcommand("registry", "Commands of the registry");
  registry->require_subcommand(1);
  add_serve(*registry, "start", request, context.status);
  kontor::cli::add_migrate_courses_command(*registry, context);
  kontor::add_config_commands(app, context);
  kontor::cli::add_users_commands(app, context);
  kontor::cli::add_errors_command(app, context);
  kontor::cli::add_errors_command(*registry, context);
  kontor::cli::add_backup_commands(app, *registry, context);
  kontor::cli::add_deploy_commands(app, *registry, context);
  kontor::cli::add_fsck_command(app, context);
  kontor::cli::add_gc_command(app, context);
  kontor::cli::add_import_command(app, context);
  kontor::cli::add_export_courses_command(app, context);
  kontor::cli::add_import_courses_command(app, context);
  kontor::cli::add_advisory_commands(app, context);
  kontor::cli::add_advisory_commands(*registry, context);
  kontor::cli::add_audit_log_command(app, context);
  kontor::cli::add_keys_commands(app, context);
  kontor::cli::add_purchases_commands(app, context);
  kontor::cli::add_purchases_commands(*registry, context);
  kontor::cli::add_schema_command(app, context);
  kontor::cli::add_schema_command(*registry, context);
  kontor::cli::add_signer_command(app, context);
  kontor::cli::add_verify_commands(app, context);
  kontor::cli::add_log_commands(app, context);
  kontor::cli::add_monitor_command(app, context);
  kontor::cli::add_witness_command(app, context);
  kontor::add_docs_commands(app, context);
  for (const auto& program : kontor::cli::programs())
    program.add_commands(*app.add_subcommand(program.name, program.help), context);
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 2 && std::string_view(arguments[1]) == kontor::processing::kWorkerArgument)
    return kontor::processing::run_worker();
  const auto* program = count > 0 ? kontor::cli::program_called(arguments[0]) : nullptr;
  CLI::App app{program ? program->help : "Kontor, a package registry that teams run themselves",
               program ? program->name : "kontor"};
  app.set_version_flag("--version", "kontor " KONTOR_VERSION);
  app.require_subcommand(1);
  app.failure_message(failure_message);

  CommandContext context{std::cout, std::cerr, kontor::config::process_environment(), ""};
  context.in = &std::cin;
  ConfigRequest request;
  std::vector<std::string> words(arguments + std::min(1, count), arguments + count);
  if (program) {
    program->add_commands(app, context);
  } else {
    add_kontor_commands(app, request, context);
    if (!words.empty() && !kontor::cli::find_program(words.front())) split_groups(words);
  }

  std::ranges::reverse(words);  // as CLI11 wants them
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 2;
  }
  return context.status;
}
