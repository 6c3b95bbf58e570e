// Warnings are for whoever starts the server.
#include "apps/cli/loaded_config.h"

namespace kontor::cli {

std::optional<Config> load_config(config::ConfigRequest request, CommandContext& context) {
  request.directory = context.directory;
  auto loaded = config::load_files(request, context.environment);
  if (loaded) return std::move(loaded->config);
  print_errors(context.err, loaded.error());
  return std::nullopt;
}

}  // namespace kontor::cli
