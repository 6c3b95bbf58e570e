// pnpm-lock.yaml of the versions 5, 6 and 9. Since pnpm 11 a document before it may lock pnpm
// itself and the packages of its configuration.
#include "lockfile/readers.h"
#include "lockfile/yaml.h"

namespace kontor::lockfile {
namespace {

// The name and what follows it in a key: "name@1.0.0" (9), "/name@1.0.0(peer@2.0.0)" (6),
// "/name/1.0.0_peer@2.0.0" (5).
std::optional<std::pair<std::string_view, std::string_view>> split_key(std::string_view key,
                                                                       bool slashes) {
  if (key.starts_with('/')) key.remove_prefix(1);
  key = key.substr(0, key.find('('));
  if (!slashes) return cut_at_version(key);
  const auto at = key.rfind('/', key.find('_'));
  if (at == key.npos || at == 0 || at + 1 == key.size()) return std::nullopt;
  return std::pair(key.substr(0, at), key.substr(at + 1, key.find('_', at) - at - 1));
}

Result<void> add_package(const std::string& key, const Yaml& entry, bool slashes,
                         Lockfile& lockfile) {
  const Yaml* resolution = entry.find("resolution");
  if (!resolution || resolution->kind != Yaml::Kind::map)
    return bad("The package '" + key + "' has no resolution.");
  const auto type = resolution->text_of("type"), tarball = resolution->text_of("tarball");
  const auto cut = split_key(key, slashes);
  if (type == "directory" || origin_of(tarball) == Origin::local) {
    lockfile.others.push_back({key, Other::Why::local});
  } else if (!type.empty() || !cut || origin_of(cut->second) != Origin::registry) {
    lockfile.others.push_back({key, Other::Why::foreign});
  } else {
    lockfile.archives.push_back({key, std::string(cut->first), std::string(cut->second),
                                 std::string(resolution->text_of("integrity")),
                                 std::string(tarball)});
  }
  return {};
}

Result<void> add_document(const Yaml& document, Lockfile& lockfile) {
  const auto version = document.text_of("lockfileVersion");
  const auto major = version.substr(0, version.find('.'));
  if (major != "5" && major != "6" && major != "9")
    return bad("This is no pnpm-lock.yaml of version 5, 6 or 9.");
  const Yaml* packages = document.find("packages");
  if (!packages) return {};
  for (const auto& [key, entry] : packages->members)
    if (auto added = add_package(key, entry, major == "5", lockfile); !added) return added;
  return {};
}

}  // namespace

Result<Lockfile> read_pnpm(ByteView text) {
  const auto documents = parse_yaml(text);
  if (!documents) return std::unexpected(documents.error());
  if (documents->empty()) return bad("This is no pnpm-lock.yaml: it is empty.");
  Lockfile lockfile;
  for (const Yaml& document : *documents)
    if (auto added = add_document(document, lockfile); !added) return fail(added);
  return lockfile;
}

}  // namespace kontor::lockfile
