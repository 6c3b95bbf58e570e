// Each page is one function of docs.h or of the configuration's table.
#include "apps/cli/docs_command.h"

#include "apps/cli/docs.h"
#include "apps/server/config/print.h"
#include "formats/npm/account_routes.h"
#include "formats/npm/package_routes.h"
#include "formats/ori/routes.h"
#include "formats/progy/routes.h"
#include "registry/advisories/routes.h"
#include "registry/device_login/routes.h"
#include "registry/error_routes.h"
#include "registry/git_repositories/routes.h"
#include "registry/key_routes.h"
#include "registry/log/log_routes.h"
#include "registry/purchases/routes.h"
#include "registry/system_routes.h"
#include "registry/upkeep/routes.h"
#include "registry/user_routes.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace kontor {
namespace {

template <class Service>
std::vector<http::RouteInfo> infos(std::span<const RouteEntry<Service>> entries) {
  std::vector<http::RouteInfo> out;
  for (const auto& entry : entries) out.push_back(entry.info);
  return out;
}

void add_page(CLI::App& docs, CommandContext& context, const char* name, const char* help,
              std::string (*page)()) {
  docs.add_subcommand(name, help)->callback([&context, page] { context.out << page(); });
}

}  // namespace

std::string api_page() {
  const auto system = infos(system_routes());
  const auto errors = infos(error_routes());
  const auto users = infos(user_routes());
  const auto devices = infos(device_routes());
  const auto purchases = infos(purchase_routes());
  const auto git = infos(git_routes());
  const auto advisories = infos(advisory_routes());
  const auto upkeep = infos(upkeep_routes());
  const auto log = infos(log_routes());
  const auto keys = infos(key_routes());
  const auto ori = infos(ori::routes());
  const auto progy = infos(progy::routes());
  const auto accounts = infos(npm::account_routes());
  const auto packages = infos(npm::package_routes());
  return api_markdown(
      {{"Health and metrics", "Served at the root only.", system},
       {"Failures of the server", "Served at the root only.", errors},
       {"Administration of users", "Served at the root only.", users},
       {"Logins of programs", "Served at the root only, for every format. device-login.md has them in full.",
        devices},
       {"Purchases of courses", "Served at the root only. purchases.md has them in full.", purchases},
       {"Accounts at a git host", "Served at the root only. purchases.md has them in full.", git},
       {"Advisories", "Served at the root only, for packages of every format.", advisories},
       {"Upkeep of the store", "Served at the root only.", upkeep},
       {"Transparency logs", "Served at the root only; `:log` is `public`, `private` or `audit`.",
        log},
       {"Signing keys", "Served at the root only.", keys},
       {"Ori", "Served at the root only. Errors and bodies: ori.md.", ori},
       {"Progy", "Served at the root only. Errors and bodies: progy.md.", progy},
       {"npm: accounts and tokens", "Served at the root and under every configured prefix.",
        accounts},
       {"npm: packages", "Served at the root and under every configured prefix.", packages}});
}

void add_docs_commands(CLI::App& program, CommandContext& context) {
  auto* docs = program.add_subcommand("docs", "Print documentation made from the code's tables");
  docs->require_subcommand(1);
  add_page(*docs, context, "errors", "Error codes", errors_markdown);
  add_page(*docs, context, "api", "HTTP routes", api_page);
  add_page(*docs, context, "configuration", "Configuration keys", config::configuration_markdown);
}

}  // namespace kontor
