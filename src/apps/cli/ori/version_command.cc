// `ori version`: the number of the package in this folder.
#include "apps/cli/ori/commands.h"
#include "apps/cli/ori/manifest_edit.h"
#include "apps/cli/ori/project.h"
#include "apps/cli/ori/project_files.h"
#include "formats/ori/names.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace kontor::cli::ori {
namespace {

// patch, minor or major of a prerelease ends it where the number stays: 2.0.0-rc.1 becomes 2.0.0.
Result<std::string> next_version(const Version& now, const std::string& part) {
  const bool pre = !now.prerelease.empty();
  if (part == "major" && !(pre && now.minor == 0 && now.patch == 0))
    return std::to_string(now.major + 1) + ".0.0";
  if (part == "minor" && !(pre && now.patch == 0))
    return std::to_string(now.major) + "." + std::to_string(now.minor + 1) + ".0";
  if (part == "patch" && !pre)
    return std::to_string(now.major) + "." + std::to_string(now.minor) + "." +
           std::to_string(now.patch + 1);
  if (part == "major" || part == "minor" || part == "patch")
    return std::to_string(now.major) + "." + std::to_string(now.minor) + "." +
           std::to_string(now.patch);
  if (auto exact = kontor::ori::parse_strict_version(part); !exact) return fail(exact);
  return part;
}

Result<Done> run(Desk& desk, const std::string& part) {
  const auto project = open_project(desk);
  if (!project) return std::unexpected(project.error());
  const auto now = to_string(project->manifest.version);
  if (part.empty())
    return Done{.facts = {{"name", project->manifest.name.full()}, {"version", now}},
                .words = now + "\n"};
  const auto next = next_version(project->manifest.version, part);
  if (!next) return std::unexpected(next.error());
  const auto text = change_version(project->text, *next);
  if (!text) return std::unexpected(text.error());
  if (auto written = write_project_file(project->path(kManifestName), *text); !written)
    return fail(written);
  return Done{.facts = {{"name", project->manifest.name.full()}, {"from", now}, {"version", *next}},
              .words = now + " -> " + *next + "\n"};
}

}  // namespace

void add_version_command(CLI::App& program, CommandContext& context) {
  const auto part = std::make_shared<std::string>();
  auto& command =
      add_command(program, context, "version", "Show or raise the version of this package",
                  [part](Desk& desk) { return run(desk, *part); });
  command.add_option("part", *part, "patch, minor, major, or an exact version");
}

}  // namespace kontor::cli::ori
