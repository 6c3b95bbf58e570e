// Only the folder itself is looked at: a package in a folder above is another package.
#include "apps/cli/ori/project.h"

#include "apps/cli/ori/project_files.h"
#include "formats/ori/toml.h"

#include <algorithm>

namespace kontor::cli::ori {
namespace {

constexpr std::size_t kMaxManifest = 256 * 1024;

std::unexpected<Error> in_manifest(const Error& error) {
  return fail(error.code, std::string(kManifestName) + ": " + std::string(error.message()));
}

Result<Project> read(std::string folder, std::string text) {
  auto tree = kontor::ori::parse_toml(text);
  if (!tree) return in_manifest(tree.error());
  auto manifest = kontor::ori::read_manifest(text);
  if (!manifest) return in_manifest(manifest.error());
  return Project{std::move(folder), std::move(text), *std::move(manifest), *std::move(tree)};
}

}  // namespace

Result<Project> open_project(Desk& desk) {
  auto text = read_project_file(desk.path(kManifestName), kMaxManifest);
  if (!text && text.error().code == Code::not_found)
    return fail(Code::not_found,
                "There is no oripk.toml here; make one with: ori init @scope/name");
  if (!text) return fail(text);
  auto project = read(desk.path(""), *std::move(text));
  if (!project) return project;
  for (const auto& warning : project->manifest.warnings)
    desk.warn(std::string(kManifestName) + ": " + warning);
  return project;
}

Result<Project> with_text(const Project& project, std::string text) {
  return read(project.folder, std::move(text));
}

const kontor::ori::Dependency* find_dependency(const kontor::ori::Manifest& manifest,
                                               std::string_view name) {
  const auto it = std::ranges::find(manifest.dependencies, name, &kontor::ori::Dependency::name);
  return it == manifest.dependencies.end() ? nullptr : &*it;
}

std::string text_at(const Json& tree, std::initializer_list<std::string_view> path) {
  const Json* at = &tree;
  for (const auto key : path) {
    const auto it = at->is_object() ? at->find(key) : at->end();
    if (!at->is_object() || it == at->end()) return {};
    at = &*it;
  }
  return at->is_string() ? at->get<std::string>() : std::string();
}

}  // namespace kontor::cli::ori
