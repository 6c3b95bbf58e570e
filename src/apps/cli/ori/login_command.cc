// `ori login`: a token, tried before it is kept.
#include "apps/cli/ori/commands.h"
#include "apps/cli/ori/registry.h"
#include "apps/cli/ori/terminal.h"

namespace kontor::cli::ori {
namespace {

// In a package's folder the manifest says which registry is meant.
Result<Place> place_to_log_in(Desk& desk) {
  const auto project = open_project(desk);
  if (project) return find_place(desk, &*project, project->manifest.name.scope, Use::publish);
  if (project.error().code != Code::not_found) return std::unexpected(project.error());
  return find_place(desk, nullptr, "");
}

Result<Done> log_in(Desk& desk) {
  auto place = place_to_log_in(desk);
  if (!place) return fail(place);
  auto token = ask_secret(desk, "Token for " + place->url + ": ");
  if (!token) return fail(token);
  place->token = *token;
  Registry registry(*place, desk.options().ca_file);
  const auto who = registry.call("GET", "/v1/whoami");
  if (!who) return std::unexpected(who.error());
  if (auto kept = store_token(desk, place->url, *token); !kept) return fail(kept);
  const auto user = text_of(*who, "username"), scope = text_of(*who, "scope");
  return Done{
      .facts = {{"registry", place->url}, {"username", user}, {"scope", scope}},
      .words = "You are " + user + " at " + place->url + "; the token may " + scope + ".\n"};
}

}  // namespace

void add_login_command(CLI::App& program, CommandContext& context) {
  add_command(program, context, "login", "Keep a token for a registry, read from standard input",
              log_in);
}

}  // namespace kontor::cli::ori
