// A server starts it with --supervised; without it, somebody else's service manager does.
#include "apps/cli/signer_command.h"

#include "apps/server/signer/program.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace kontor::cli {

void add_signer_command(CLI::App& program, CommandContext& context) {
  auto* command = program.add_subcommand(
      "signer", "Hold the signing keys for a server whose signing.process is external");
  const auto options = std::make_shared<signer::Options>();
  command->add_option("--keys", options->keys, "Folder of the keys, made when missing")->required();
  command->add_option("--socket", options->socket, "Path of the socket to listen on")->required();
  command
      ->add_option("--origin", options->origin,
                   "Host under whose name new logs sign, as transparency.origin")
      ->required();
  command->add_flag("--shared", options->shared,
                    "Let the group of the socket's folder connect, too");
  command->add_flag("--supervised", options->supervised)->group("");
  command->callback([&context, options] { context.status = signer::run(*options); });
}

}  // namespace kontor::cli
