// The order is that of the help.
#include "apps/cli/progy/progy_commands.h"

#include "apps/cli/progy/commands.h"

namespace kontor::cli {

void add_progy_commands(CLI::App& app, CommandContext& context) {
  progy::add_login_commands(app, context);
  progy::add_connect_command(app, context);
  progy::add_init_command(app, context);
  progy::add_update_command(app, context);
  progy::add_catalog_commands(app, context);
  progy::add_cache_commands(app, context);
  progy::add_pack_command(app, context);
  progy::add_publish_command(app, context);
}

}  // namespace kontor::cli
