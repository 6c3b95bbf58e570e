// bun.lock: JSON with trailing commas. An entry of "packages" is a list whose first item says what
// is installed and whose others depend on it: [spec, registry, info, integrity] for a registry's.
#include "domain/json5.h"

#include "lockfile/readers.h"

#include <algorithm>

namespace kontor::lockfile {
namespace {

constexpr Json5Limits kLimits = {
    .max_bytes = kMaxLockfileBytes, .max_depth = 64, .max_values = 4'000'000};

std::string text_at(const Json5Value& list, std::size_t place) {
  if (place >= list.items.size() || list.items[place].kind != Json5Kind::string) return "";
  return list.items[place].string;
}

Result<void> add_entry(const std::string& key, const Json5Value& entry, Lockfile& lockfile) {
  const std::string spec = entry.kind == Json5Kind::array ? text_at(entry, 0) : "";
  const auto cut = cut_at_version(spec);
  if (!cut) return bad("The package '" + key + "' does not say what it is.");
  const Origin origin = cut->second.starts_with("root:") ? Origin::local : origin_of(cut->second);
  if (origin != Origin::registry) {
    lockfile.others.push_back(
        {key, origin == Origin::local ? Other::Why::local : Other::Why::foreign});
    return {};
  }
  lockfile.archives.push_back({key, std::string(cut->first), std::string(cut->second),
                               text_at(entry, 3), text_at(entry, 1)});
  return {};
}

bool has_repeated(const std::vector<Json5Member>& members) {
  std::vector<std::string_view> names;
  names.reserve(members.size());
  for (const auto& member : members) names.push_back(member.name);
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) != names.end();
}

}  // namespace

Result<Lockfile> read_bun(ByteView text) {
  const auto root = parse_json5(text, kLimits);
  if (!root) return bad("bun.lock " + root.error().text() + ".");
  const Json5Value* version = root->find("lockfileVersion");
  const auto number = version ? version->integer() : std::nullopt;
  if (!number || *number < 0 || *number > 2)
    return bad("This is no bun.lock of version 0, 1 or 2.");
  Lockfile lockfile;
  const Json5Value* packages = root->find("packages");
  if (!packages) return lockfile;
  if (packages->kind != Json5Kind::object || has_repeated(packages->members) ||
      has_repeated(root->members))
    return bad("'packages' of bun.lock is no object whose keys stand once each.");
  for (const auto& [key, entry, position] : packages->members)
    if (auto added = add_entry(key, entry, lockfile); !added) return fail(added);
  return lockfile;
}

}  // namespace kontor::lockfile
