// The project changes last, when everything is at hand.
#include "apps/cli/ori/sync.h"

#include "apps/cli/ori/advisories.h"
#include "apps/cli/ori/project_files.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <unistd.h>

namespace kontor::cli::ori {
namespace {

constexpr const char* kLinks = ".ori/deps";

// What a publisher or the registry has said of a version since it was published.
Result<void> judge(Desk& desk, const std::string& name, const Package& package, bool locked) {
  const std::string text = name + "@" + package.version;
  if (flag_of(package.metadata, "removed"))
    return fail(Code::version_removed,
                "The registry has removed " + text + "; choose another version.");
  if (flag_of(package.metadata, "yanked") && !locked)
    return fail(Code::version_not_found,
                text + " was yanked by its owners; choose another version.");
  if (flag_of(package.metadata, "yanked"))
    desk.warn(text + " was yanked by its owners; it stays because oripk.lock has it.");
  if (const auto why = text_of(package.metadata, "deprecated"); !why.empty())
    desk.warn(text + " is deprecated: " + why);
  warn_of_advisories(desk, text, package.metadata);
  return {};
}

std::map<std::string, std::string> versions_in(const Lock& lock) {
  std::map<std::string, std::string> out;
  for (const auto& [key, digest] : lock) {
    const auto colon = key.rfind(':');
    out[key.substr(0, colon)] = key.substr(colon + 1);
  }
  return out;
}

std::vector<LockChange> changes_between(const Lock& before, const Lock& after) {
  std::vector<LockChange> out;
  const auto old = versions_in(before), now = versions_in(after);
  for (const auto& [name, version] : now) {
    const auto known = old.find(name);
    if (known == old.end() || known->second != version)
      out.push_back({name, known == old.end() ? "" : known->second, version});
  }
  for (const auto& [name, version] : old)
    if (!now.contains(name)) out.push_back({name, version, ""});
  return out;
}

Result<void> link(const std::string& path, const std::string& target) {
  std::error_code error;
  if (std::filesystem::is_symlink(path) && std::filesystem::read_symlink(path, error) == target)
    return {};
  const std::string temporary = path + ".new";
  if (auto gone = remove_tree(temporary); !gone) return gone;
  if (::symlink(target.c_str(), temporary.c_str()) != 0) return fs::fail_errno(errno, temporary);
  if (std::filesystem::is_directory(std::filesystem::symlink_status(path)))
    if (auto gone = remove_tree(path); !gone) return gone;
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return fs::fail_errno(errno, path);
  return {};
}

// Links of packages that are not installed any more.
Result<void> drop_links(const std::string& folder, const Graph& graph) {
  for (const auto& scope : fs::names_in(folder))
    for (const auto& base : fs::names_in(folder + "/" + scope))
      if (!graph.packages.contains(scope + "/" + base))
        if (auto gone = remove_tree(folder + "/" + scope + "/" + base); !gone) return gone;
  return {};
}

Result<void> link_all(const Project& project, Supply& supply, const Synced& synced) {
  const std::string folder = project.path(kLinks);
  if (auto dropped = drop_links(folder, synced.graph); !dropped) return dropped;
  for (const auto& [name, package] : synced.graph.packages) {
    const auto digest = synced.lock.at(lock_key(name, package.version));
    const std::string path = folder + "/" + name;
    if (auto made = make_folders(path.substr(0, path.rfind('/'))); !made) return made;
    const auto target = std::filesystem::absolute(supply.cache().folder_of(digest)).string();
    if (auto linked = link(path, target); !linked) return linked;
  }
  return {};
}

Result<void> write_if_changed(const std::string& path, const std::string& text) {
  const auto known = read_project_file(path, 64u << 20);
  if (known && *known == text) return {};
  return write_project_file(path, text);
}

}  // namespace

Result<Synced> prepare(Desk& desk, const Project& project, Supply& supply) {
  const auto before = read_lock(project.path(kLockName));
  if (!before) return std::unexpected(before.error());
  auto graph = resolve(project.manifest, supply);
  if (!graph) return fail(graph);
  Synced synced{*std::move(graph), {}, {}, {}};
  for (const auto& [name, package] : synced.graph.packages) {
    const auto key = lock_key(name, package.version);
    if (auto good = judge(desk, name, package, before->contains(key)); !good) return fail(good);
    const auto obtained = supply.obtain(name, package, *before);
    if (!obtained) return std::unexpected(obtained.error());
    synced.lock[key] = obtained->digest;
    if (obtained->fetched) synced.fetched.push_back(name + "@" + package.version);
  }
  synced.changes = changes_between(*before, synced.lock);
  return synced;
}

Result<void> apply(const Project& project, Supply& supply, const Synced& synced) {
  if (auto linked = link_all(project, supply, synced); !linked) return linked;
  const std::string lock = project.path(kLockName);
  const bool needed = !synced.lock.empty() || ::access(lock.c_str(), F_OK) == 0;
  if (needed)
    if (auto written = write_if_changed(lock, print_lock(synced.lock)); !written) return written;
  if (auto written = write_if_changed(project.path(kManifestName), project.text); !written)
    return written;
  return supply.remember();
}

std::string words_of(const Synced& synced) {
  std::string out;
  for (const auto& [name, from, to] : synced.changes) {
    if (from.empty())
      out += "+ " + name + " " + to + "\n";
    else if (to.empty())
      out += "- " + name + " " + from + "\n";
    else
      out += "~ " + name + " " + from + " -> " + to + "\n";
  }
  const auto count = synced.graph.packages.size();
  return out + std::to_string(count) + (count == 1 ? " package is" : " packages are") +
         " installed; oripk.lock has the checksums.\n";
}

Json json_of(const Synced& synced) {
  Json packages = Json::array(), changes = Json::array();
  for (const auto& [name, package] : synced.graph.packages)
    packages.push_back(
        {{"name", name},
         {"version", package.version},
         {"checksum", "sha256:" + synced.lock.at(lock_key(name, package.version)).hex()},
         {"advisories", list_of(package.metadata, "advisories")}});
  for (const auto& [name, from, to] : synced.changes)
    changes.push_back({{"name", name},
                       {"from", from.empty() ? Json(nullptr) : Json(from)},
                       {"to", to.empty() ? Json(nullptr) : Json(to)}});
  return {{"packages", packages}, {"changes", changes}, {"fetched", synced.fetched}};
}

}  // namespace kontor::cli::ori
