// `ori sync` installs what the manifest says; `ori check` only tells what is newer.
#include "apps/cli/ori/advisories.h"
#include "apps/cli/ori/commands.h"
#include "apps/cli/ori/package_spec.h"
#include "apps/cli/ori/sync.h"
#include "formats/ori/names.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace kontor::cli::ori {
namespace {

using kontor::ori::Dependency;

Result<Done> sync(Desk& desk) {
  const auto project = open_project(desk);
  if (!project) return std::unexpected(project.error());
  auto supply = Supply::open(desk, &*project);
  if (!supply) return fail(supply);
  const auto synced = prepare(desk, *project, *supply);
  if (!synced) return std::unexpected(synced.error());
  if (auto done = apply(*project, *supply, *synced); !done) return fail(done);
  return Done{.facts = json_of(*synced), .words = words_of(*synced)};
}

// One line a version: its number and what is to be said of it.
std::string line_of(const Json& version) {
  std::string line = "  " + text_of(version, "version");
  if (flag_of(version, "yanked")) line += "  yanked";
  if (const auto why = text_of(version, "deprecated"); !why.empty()) line += "  deprecated: " + why;
  const auto& advisories = list_of(version, "advisories");
  if (!advisories.empty()) line += "  affected by " + joined(advisories);
  return line + "\n";
}

Result<Done> check_one(Supply& supply, const std::string& name) {
  const auto versions = supply.versions(name, true);
  if (!versions) return std::unexpected(versions.error());
  Done done;
  done.facts = {{"name", name},
                {"latest", (*versions)["latest"]},
                {"versions", list_of(*versions, "versions")}};
  done.words = name + "\n";
  for (const auto& version : list_of(*versions, "versions")) done.words += line_of(version);
  return done;
}

Result<Done> check_all(Desk& desk, const Project& project, Supply& supply) {
  Done done;
  Json all = Json::array();
  std::size_t newer = 0;
  for (const auto& dependency : project.manifest.dependencies) {
    if (dependency.source != Dependency::Source::registry) continue;
    const auto versions = supply.versions(dependency.name);
    if (!versions) return std::unexpected(versions.error());
    const auto metadata = supply.metadata(dependency.name, dependency.version);
    if (metadata) warn_of_advisories(desk, dependency.name + "@" + dependency.version, *metadata);
    const auto latest = text_of(*versions, "latest");
    const bool update = !latest.empty() && kontor::ori::comes_before(dependency.version, latest);
    all.push_back({{"name", dependency.name},
                   {"version", dependency.version},
                   {"latest", (*versions)["latest"]},
                   {"update", update},
                   {"advisories", metadata ? list_of(*metadata, "advisories") : Json::array()}});
    if (update) done.words += dependency.name + " " + dependency.version + " -> " + latest + "\n";
    newer += update ? 1 : 0;
  }
  done.facts = {{"dependencies", all}, {"updates", newer}};
  if (newer == 0) done.words = "Every dependency is at its latest version.\n";
  return done;
}

Result<Done> check(Desk& desk, const std::string& package) {
  if (!package.empty()) {
    const auto spec = parse_spec(package);
    if (!spec) return std::unexpected(spec.error());
    auto project = open_project(desk);
    if (!project && project.error().code != Code::not_found) return fail(project);
    auto supply = Supply::open(desk, project ? &*project : nullptr);
    if (!supply) return fail(supply);
    return check_one(*supply, spec->name);
  }
  const auto project = open_project(desk);
  if (!project) return std::unexpected(project.error());
  auto supply = Supply::open(desk, &*project);
  if (!supply) return fail(supply);
  return check_all(desk, *project, *supply);
}

}  // namespace

void add_sync_commands(CLI::App& program, CommandContext& context) {
  add_command(program, context, "sync",
              "Install what oripk.toml says, every archive checked by lock and log", sync);
  const auto package = std::make_shared<std::string>();
  auto& checking =
      add_command(program, context, "check", "Tell which dependencies have newer versions",
                  [package](Desk& desk) { return check(desk, *package); });
  checking.add_option("package", *package, "Tell all versions of this package instead");
}

}  // namespace kontor::cli::ori
