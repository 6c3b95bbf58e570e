#pragma once
// `kontor config init` and `kontor config load`, and the options of configuration that other
// commands share.
#include "apps/server/config/files.h"

#include <iosfwd>
#include <span>
#include <string>

namespace CLI {
class App;
}

namespace kontor {

// What a command works with, and the exit status it leaves.
struct CommandContext {
  std::ostream& out;
  std::ostream& err;
  config::Variables environment;
  std::string directory;  // relative paths start here; empty: the working directory
  int status = 0;
  std::istream* in = nullptr;  // for passwords
};

// --config, --env-file, --set, --insecure, and short forms of single keys: --host, --port,
// --data-dir, --public-url. Parsing fills the request, which must outlive the app.
void add_config_options(CLI::App& command, config::ConfigRequest& request);

// Adds `config` with its subcommands to the program; they run while the program parses its
// arguments. The context must outlive the app.
void add_config_commands(CLI::App& program, CommandContext& context);

// Runs `config` with these arguments, as `kontor config ...` does; returns the exit status.
int config_command(std::span<const std::string> arguments, CommandContext& context);

// Prints "warning: ..." and "error: ..." lines.
void print_warnings(std::ostream& err, const config::Problems& warnings);
void print_errors(std::ostream& err, const config::Problems& errors);

}  // namespace kontor
