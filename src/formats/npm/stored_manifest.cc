// Fragments are read back with an empty base URL, as parse_fragment() says.
#include "formats/npm/stored_manifest.h"

#include "base/digest.h"
#include "formats/npm/fragment.h"
#include "formats/npm/manifest.h"
#include "formats/npm/provenance.h"

namespace kontor::npm {
namespace {

Json take_member(Json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end()) return {};
  Json value = std::move(*it);
  object.erase(it);
  return value;
}

const Json* find_member(const Json& object, const char* name) {
  const auto it = object.find(name);
  return it == object.end() ? nullptr : &*it;
}

std::string spelt(const std::optional<LogPlace>& place) {
  return place ? std::string(to_string(place->log)) + " " + std::to_string(place->index) : "null";
}

// As spelt() spells it.
std::string stated_place(const Json& tlog) {
  const Json* const index = tlog.is_object() ? find_member(tlog, "index") : nullptr;
  if (!index || !index->is_number_unsigned()) return tlog.is_null() ? "null" : "nothing";
  return string_member(tlog, "log") + " " + std::to_string(index->get<std::uint64_t>());
}

}  // namespace

std::string abbreviated_of(const std::string& package, const std::string& manifest) {
  Json members = parse_fragment(manifest);
  if (!members.is_object()) return {};
  Json dist = take_member(members, "dist");
  members.erase("deprecated");
  if (!dist.is_object()) return {};
  dist.erase("tarball");
  const Json signatures = take_member(dist, "signatures");
  const Json attestations = take_member(dist, "attestations");
  const auto version = string_member(members, "version");
  auto out = make_fragment(abbreviate(members), dist, tarball_path(package, version),
                           deprecation_of(manifest));
  // In the order of a publish; the address of provenance has a mark that was read as nothing.
  if (const auto provenance = attestations.find("provenance"); provenance != attestations.end())
    out = with_dist_member(
        out, "attestations",
        provenance_member(package, version, string_member(*provenance, "predicateType")));
  if (!signatures.is_null()) out = with_dist_member(out, "signatures", to_text(signatures));
  return out;
}

std::string contradiction_in(const std::string& package, const VersionRecord& version) {
  const Json manifest = parse_fragment(version.manifest);
  if (!manifest.is_object()) return "The manifest is not JSON.";
  const auto dist_it = manifest.find("dist");
  const Json dist = dist_it == manifest.end() ? Json::object() : *dist_it;
  const Json* const tlog = find_member(dist, "tlog");
  struct Claim {
    const char* member;
    std::string stated, stored;
  };
  const Claim claims[] = {
      {"name", string_member(manifest, "name"), package},
      {"version", string_member(manifest, "version"), version.version},
      {"dist.integrity", string_member(dist, "integrity"), integrity(version.archive.sha512)},
      {"dist.shasum", string_member(dist, "shasum"), version.archive.sha1.hex()},
      {"dist.tarball", string_member(dist, "tarball"), tarball_path(package, version.version)},
      {"dist.tlog", tlog ? stated_place(*tlog) : "", tlog ? spelt(version.logged) : ""},
      {"deprecated", deprecation_of(version.manifest), version.deprecated},
      {"file name", version.file_name, tarball_file_name(package, version.version)},
  };
  for (const auto& claim : claims)
    if (claim.stated != claim.stored)
      return std::string("The manifest's ") + claim.member + " is not that of the version's row.";
  return {};
}

}  // namespace kontor::npm
