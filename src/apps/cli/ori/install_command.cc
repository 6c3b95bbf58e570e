// `ori install`, `ori remove` and `ori upgrade`: one dependency of the manifest, then a sync. The
// manifest is written when everything it needs is at hand.
#include "apps/cli/ori/advisories.h"
#include "apps/cli/ori/commands.h"
#include "apps/cli/ori/manifest_edit.h"
#include "apps/cli/ori/package_spec.h"
#include "apps/cli/ori/sync.h"
#include "apps/cli/ori/terminal.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace kontor::cli::ori {
namespace {

struct Arguments {
  std::string package;
  std::vector<std::string> features;
  bool development = false;
  bool yes = false;
};

// Has the project as `text` says, and gives what changed.
Result<Done> become(Desk& desk, const Project& project, Result<std::string> text, Supply& supply) {
  if (!text) return fail(text);
  const auto next = with_text(project, *std::move(text));
  if (!next) return std::unexpected(next.error());
  const auto synced = prepare(desk, *next, supply);
  if (!synced) return std::unexpected(synced.error());
  if (auto done = apply(*next, supply, *synced); !done) return fail(done);
  return Done{.facts = json_of(*synced), .words = words_of(*synced)};
}

Result<std::string> choose_version(Desk& desk, Supply& supply, const std::string& name, bool yes) {
  const auto versions = supply.versions(name);
  if (!versions) return std::unexpected(versions.error());
  const auto latest = text_of(*versions, "latest");
  desk.say(name + " has the versions " + versions_of(*versions) + ".");
  if (latest.empty())
    return fail(Code::version_not_found,
                name + " has no stable version; name one exactly: " + name + ":<version>");
  const auto agreed = confirm(desk, "Install " + latest + "?", yes);
  if (!agreed) return std::unexpected(agreed.error());
  if (!*agreed) return fail(Code::conflict, "Nothing was installed.");
  return latest;
}

// Features that a package does not have would do nothing, silently.
Result<void> check_features(Supply& supply, const PackageSpec& spec,
                            const std::vector<std::string>& features) {
  if (features.empty()) return {};
  const auto metadata = supply.metadata(spec.name, spec.version);
  if (!metadata) return std::unexpected(metadata.error());
  const auto known = metadata->find("features");
  for (const auto& feature : features)
    if (known == metadata->end() || !known->is_object() || !known->contains(feature))
      return fail(Code::bad_request,
                  spec.name + "@" + spec.version + " has no feature called " + feature + ".");
  return {};
}

Result<Done> install(Desk& desk, const Arguments& arguments) {
  auto spec = parse_spec(arguments.package);
  if (!spec) return fail(spec);
  const auto project = open_project(desk);
  if (!project) return std::unexpected(project.error());
  if (find_dependency(project->manifest, spec->name))
    return fail(Code::conflict, spec->name +
                                    " is a dependency already; to change its version run: "
                                    "ori upgrade " +
                                    spec->name + ":<version>");
  auto supply = Supply::open(desk, &*project);
  if (!supply) return fail(supply);
  if (spec->version.empty()) {
    auto version = choose_version(desk, *supply, spec->name, arguments.yes);
    if (!version) return fail(version);
    spec->version = *std::move(version);
  }
  if (auto known = check_features(*supply, *spec, arguments.features); !known) return fail(known);
  return become(desk, *project,
                add_dependency(project->text, {spec->name, spec->version, arguments.development,
                                               arguments.features}),
                *supply);
}

Result<Done> remove(Desk& desk, const Arguments& arguments) {
  const auto spec = parse_spec(arguments.package);
  if (!spec) return std::unexpected(spec.error());
  const auto project = open_project(desk);
  if (!project) return std::unexpected(project.error());
  if (!find_dependency(project->manifest, spec->name))
    return fail(Code::not_found, spec->name + " is no dependency of this package.");
  auto supply = Supply::open(desk, &*project);
  if (!supply) return fail(supply);
  return become(desk, *project, remove_dependency(project->text, spec->name), *supply);
}

Result<Done> list_versions(Supply& supply, const std::string& name, const std::string& present) {
  const auto versions = supply.versions(name);
  if (!versions) return std::unexpected(versions.error());
  return Done{.facts = {{"name", name},
                        {"version", present},
                        {"latest", (*versions)["latest"]},
                        {"versions", list_of(*versions, "versions")}},
              .words = name + " is at " + present + ". Versions: " + versions_of(*versions) +
                       "\nChoose one: ori upgrade " + name + ":<version>\n"};
}

// Other packages than the one that is upgraded.
std::string others(const Synced& synced, const std::string& name) {
  std::string out;
  for (const auto& change : synced.changes)
    if (change.name != name)
      out += "\n  " + change.name + " " + (change.from.empty() ? "(new)" : change.from) + " -> " +
             (change.to.empty() ? "(removed)" : change.to);
  return out;
}

Result<Done> upgrade_to(Desk& desk, const Project& project, Supply& supply, const PackageSpec& spec,
                        bool yes) {
  auto text = change_dependency(project.text, spec.name, spec.version);
  if (!text) return fail(text);
  const auto next = with_text(project, *std::move(text));
  if (!next) return std::unexpected(next.error());
  const auto synced = prepare(desk, *next, supply);
  if (!synced) return std::unexpected(synced.error());
  if (const auto more = others(*synced, spec.name); !more.empty()) {
    const auto agreed = confirm(desk, "Other packages change with it:" + more + "\nUpgrade?", yes);
    if (!agreed) return std::unexpected(agreed.error());
    if (!*agreed) return fail(Code::conflict, "Nothing was upgraded.");
  }
  if (auto done = apply(*next, supply, *synced); !done) return fail(done);
  return Done{.facts = json_of(*synced), .words = words_of(*synced)};
}

Result<Done> upgrade(Desk& desk, const Arguments& arguments) {
  const auto spec = parse_spec(arguments.package);
  if (!spec) return std::unexpected(spec.error());
  const auto project = open_project(desk);
  if (!project) return std::unexpected(project.error());
  const auto* present = find_dependency(project->manifest, spec->name);
  if (!present)
    return fail(Code::not_found, spec->name +
                                     " is no dependency of this package; to add it run: "
                                     "ori install " +
                                     arguments.package);
  auto supply = Supply::open(desk, &*project);
  if (!supply) return fail(supply);
  if (spec->version.empty()) return list_versions(*supply, spec->name, present->version);
  return upgrade_to(desk, *project, *supply, *spec, arguments.yes);
}

CLI::App& add(CLI::App& program, CommandContext& context, const char* name, const char* help,
              Result<Done> (*run)(Desk&, const Arguments&),
              const std::shared_ptr<Arguments>& arguments) {
  auto& command = add_command(program, context, name, help,
                              [arguments, run](Desk& desk) { return run(desk, *arguments); });
  command.add_option("package", arguments->package, "@scope/name or @scope/name:version")
      ->required();
  return command;
}

}  // namespace

void add_install_commands(CLI::App& program, CommandContext& context) {
  const auto arguments = std::make_shared<Arguments>();
  auto& installing = add(program, context, "install",
                         "Add a dependency at an exact version, and sync", install, arguments);
  installing.add_flag("--dev", arguments->development, "For development alone");
  installing.add_option("--features", arguments->features, "Features to turn on: a,b")
      ->delimiter(',');
  installing.add_flag("--yes,-y", arguments->yes, "Take the latest version without asking");
  add(program, context, "remove", "Remove a dependency, and sync", remove, arguments);
  auto& upgrading = add(program, context, "upgrade",
                        "Change a dependency's version, and sync; without a version, list them",
                        upgrade, arguments);
  upgrading.add_flag("--yes,-y", arguments->yes, "Change other packages with it without asking");
}

}  // namespace kontor::cli::ori
