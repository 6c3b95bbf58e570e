// package-lock.json and npm-shrinkwrap.json: versions 2 and 3 list folders, version 1 is a tree.
#include "base/json.h"

#include "lockfile/readers.h"

namespace kontor::lockfile {
namespace {

constexpr JsonLimits kLimits = {.max_bytes = kMaxLockfileBytes,
                                .max_depth = 256,
                                .max_values = 8'000'000,
                                .max_key_bytes = 4096};
constexpr std::string_view kFolder = "node_modules/";

std::string text_of(const Json& entry, const char* name) {
  const auto it = entry.find(name);
  return it != entry.end() && it->is_string() ? it->get<std::string>() : "";
}

bool is_set(const Json& entry, const char* name) {
  const auto it = entry.find(name);
  return it != entry.end() && it->is_boolean() && it->get<bool>();
}

// The name an entry is installed under: behind the last node_modules/ of its folder.
std::string_view installed_name(std::string_view folder) {
  const auto at = folder.rfind(kFolder);
  return at == folder.npos ? std::string_view() : folder.substr(at + kFolder.size());
}

// A registry's archive, whether `resolved` is its address or left out.
bool is_archive(std::string_view resolved) {
  return resolved.empty() || resolved.starts_with("https:") || resolved.starts_with("http:");
}

Result<void> add_folder(const std::string& folder, const Json& entry, Lockfile& lockfile) {
  if (!entry.is_object()) return bad("The entry '" + folder + "' is no object.");
  const auto installed = installed_name(folder);
  const std::string resolved = text_of(entry, "resolved"), version = text_of(entry, "version");
  // A bundled package is part of the archive of the package around it.
  if (installed.empty() || is_set(entry, "link") || is_set(entry, "inBundle") ||
      origin_of(resolved) == Origin::local) {
    lockfile.others.push_back({folder, Other::Why::local});
  } else if (!is_archive(resolved) || version.empty()) {
    lockfile.others.push_back({folder, Other::Why::foreign});
  } else {
    std::string name = text_of(entry, "name");
    if (name.empty()) name = installed;
    lockfile.archives.push_back(
        {folder, std::move(name), version, text_of(entry, "integrity"), resolved});
  }
  return {};
}

// "1.2.3", "npm:real@1.2.3", or an address.
Result<void> add_dependency(const std::string& place, const std::string& installed,
                            const Json& entry, Lockfile& lockfile) {
  std::string version = text_of(entry, "version"), name = installed;
  if (version.starts_with("npm:")) {
    const auto alias = cut_at_version(std::string_view(version).substr(4));
    if (!alias) return bad("The version of '" + place + "' is not npm:<name>@<version>.");
    name = alias->first;
    version = std::string(alias->second);
  }
  const auto origin = version.empty() ? Origin::foreign : origin_of(version);
  if (origin == Origin::registry && !is_set(entry, "bundled"))
    lockfile.archives.push_back({place, std::move(name), std::move(version),
                                 text_of(entry, "integrity"), text_of(entry, "resolved")});
  else
    lockfile.others.push_back(
        {place, origin == Origin::foreign ? Other::Why::foreign : Other::Why::local});
  return {};
}

// Depth is bounded by the JSON's.
Result<void> add_tree(const std::string& place, const Json& parent, Lockfile& lockfile) {
  const auto tree = parent.find("dependencies");
  if (tree == parent.end()) return {};
  if (!tree->is_object()) return bad("'dependencies' of '" + place + "' is no object.");
  for (const auto& [name, entry] : tree->items()) {
    const std::string here = place + "/" + name;
    if (!entry.is_object()) return bad("The entry '" + here + "' is no object.");
    if (auto added = add_dependency(here, name, entry, lockfile); !added) return added;
    if (auto added = add_tree(here, entry, lockfile); !added) return added;
  }
  return {};
}

}  // namespace

Result<Lockfile> read_npm(ByteView text) {
  const auto json = parse_json(text, kLimits);
  if (!json) return std::unexpected(json.error());
  if (!json->is_object()) return bad("The lockfile is no object.");
  const auto version = json->find("lockfileVersion");
  const int number =
      version != json->end() && version->is_number_integer() ? version->get<int>() : 0;
  Lockfile lockfile;
  if (number == 1) {
    auto added = add_tree("", *json, lockfile);
    if (!added) return fail(added);
    return lockfile;
  }
  const auto packages = json->find("packages");
  if ((number != 2 && number != 3) || packages == json->end() || !packages->is_object())
    return bad("This is no package-lock.json of version 1, 2 or 3.");
  for (const auto& [folder, entry] : packages->items())
    if (auto added = add_folder(folder, entry, lockfile); !added) return fail(added);
  return lockfile;
}

}  // namespace kontor::lockfile
