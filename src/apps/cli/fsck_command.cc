// Opens the data directory of the configuration, or the one of --data-dir, and lets the core check.
#include "apps/cli/fsck_command.h"

#include "apps/cli/fsck_report.h"
#include "apps/cli/loaded_config.h"
#include "apps/upkeep/open_store.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace kontor::cli {
namespace {

struct FsckArguments {
  config::ConfigRequest request;
  bool repair = false;
  bool rebuild = false;
  bool json = false;
};

int refuse(CommandContext& context, const Error& error) {
  print_errors(context.err, {std::string(error.message()) +
                             (error.cause.empty() ? "" : " (" + error.cause + ")")});
  return kNotChecked;
}

int run_fsck(const FsckArguments& arguments, CommandContext& context) {
  const auto config = load_config(arguments.request, context);
  if (!config) return kNotChecked;
  auto store = upkeep::OpenStore::open(config->data_dir);
  if (!store) return refuse(context, store.error());
  FsckOptions options{.repair = arguments.repair,
                      .rebuild = arguments.rebuild,
                      .running = (*store)->beside_a_server()};
  if (options.running && (options.repair || options.rebuild))
    return refuse(context, {Code::unavailable,
                            "A server uses " + config->data_dir +
                                "; stop it before a repair, or check without --repair.",
                            {}});
  FsckReport report(context.out, context.err,
                    arguments.json ? FsckReport::Form::json : FsckReport::Form::text);
  const auto summary =
      (*store)->run<FsckSummary>([&](UpkeepPorts ports) { return fsck(ports, options, report); });
  if (!summary) return refuse(context, summary.error());
  report.finish(*summary);
  return status_of(*summary);
}

}  // namespace

void add_fsck_command(CLI::App& program, CommandContext& context) {
  auto* command = program.add_subcommand("fsck", "Check everything that is stored");
  auto arguments = std::make_shared<FsckArguments>();
  command->add_flag("--repair", arguments->repair,
                    "Make anew what is derived and wrong; needs a stopped server");
  command->add_flag("--rebuild", arguments->rebuild,
                    "Make everything derived anew; needs a stopped server");
  command->add_flag("--json", arguments->json, "Print one JSON object a line");
  add_config_options(*command, arguments->request);
  command->callback([arguments, &context] { context.status = run_fsck(*arguments, context); });
}

}  // namespace kontor::cli
