// yarn.lock of yarn 2 and later: YAML whose entries name what they resolve to.
#include "base/encoding.h"

#include "lockfile/readers.h"
#include "lockfile/yaml.h"

namespace kontor::lockfile {
namespace {

constexpr std::string_view kUrlMark = "__archiveUrl=";

// "npm:1.0.0", or "npm:1.0.0::__archiveUrl=https%3A%2F%2F..." where the registry's address for the
// archive is not the usual one.
Result<void> add_npm(const std::string& place, std::string_view name, std::string_view rest,
                     Lockfile& lockfile) {
  const auto bound = rest.find("::");
  std::string url;
  if (bound != rest.npos) {
    const auto mark = rest.find(kUrlMark, bound);
    if (mark != rest.npos) url = percent_decode(rest.substr(mark + kUrlMark.size())).value_or("");
    rest = rest.substr(0, bound);
  }
  if (rest.empty() || origin_of(rest) != Origin::registry)
    return bad("The entry '" + place + "' resolves to no version.");
  lockfile.archives.push_back({place, std::string(name), std::string(rest), "", std::move(url)});
  return {};
}

Result<void> add_entry(const std::string& place, const Yaml& entry, Lockfile& lockfile) {
  const auto resolution = entry.text_of("resolution");
  const auto cut = cut_at_version(resolution);
  if (!cut) return bad("The entry '" + place + "' has no resolution.");
  const auto [name, reference] = *cut;
  if (reference.starts_with("npm:")) return add_npm(place, name, reference.substr(4), lockfile);
  // What is patched is an entry of its own, and the patch is a file of the project.
  const bool local = origin_of(reference) == Origin::local || reference.starts_with("patch:");
  lockfile.others.push_back({place, local ? Other::Why::local : Other::Why::foreign});
  return {};
}

}  // namespace

Result<Lockfile> read_yarn_berry(ByteView text) {
  const auto documents = parse_yaml(text);
  if (!documents) return std::unexpected(documents.error());
  if (documents->size() != 1 || !documents->front().find("__metadata"))
    return bad("This is no yarn.lock of yarn 2 or later.");
  Lockfile lockfile;
  for (const auto& [key, entry] : documents->front().members) {
    if (key == "__metadata") continue;
    if (auto added = add_entry(key, entry, lockfile); !added) return fail(added);
  }
  return lockfile;
}

}  // namespace kontor::lockfile
