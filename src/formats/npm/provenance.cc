// Statements are read under limits, though their signer is known: a builder's mistake must not
// become the registry's.
#include "formats/npm/provenance.h"

#include "formats/npm/fragment.h"
#include "formats/npm/manifest.h"

#include <algorithm>
#include <array>

namespace kontor::npm {
namespace {

constexpr std::string_view kPayloadType = "application/vnd.in-toto+json";
constexpr std::array<std::string_view, 2> kStatements = {"https://in-toto.io/Statement/v1",
                                                         "https://in-toto.io/Statement/v0.1"};
constexpr std::string_view kSlsa1 = "https://slsa.dev/provenance/v1";
constexpr std::string_view kSlsa02 = "https://slsa.dev/provenance/v0.2";
constexpr int kSourceRepository = 12;  // claim of the certificate

const Json kNull;

std::unexpected<Error> refuse(std::string why) {
  return fail(Code::invalid_proof, "The provenance statement is refused: " + std::move(why));
}

const Json& at(const Json& object, std::initializer_list<const char*> path) {
  const Json* value = &object;
  for (const char* name : path) {
    const auto it = value->is_object() ? value->find(name) : value->end();
    if (!value->is_object() || it == value->end()) return kNull;
    value = &*it;
  }
  return *value;
}

Result<void> check_subject(const Json& statement, const ProvenanceSubject& wanted) {
  const Json& subjects = at(statement, {"subject"});
  if (!subjects.is_array() || subjects.size() != 1)
    return refuse("it must have exactly one subject.");
  const Json& subject = subjects.front();
  const std::string url = package_url(wanted.package, wanted.version);
  if (string_member(subject, "name") != url)
    return refuse("its subject is " + cut_text(string_member(subject, "name"), 200) + " and not " +
                  url + ".");
  if (string_member(at(subject, {"digest"}), "sha512") != wanted.archive.hex())
    return refuse("its subject's sha512 is not that of the tarball.");
  return {};
}

// The repository that the statement says the source came from; empty where it says nothing.
std::string source_of(const Json& statement, std::string_view type) {
  if (type == kSlsa1)
    return string_member(
        at(statement, {"predicate", "buildDefinition", "externalParameters", "workflow"}),
        "repository");
  auto uri = string_member(at(statement, {"predicate", "invocation", "configSource"}), "uri");
  if (uri.starts_with("git+")) uri.erase(0, 4);
  return uri.substr(0, uri.find('@', uri.find("://") + 3));
}

Result<void> check_source(const std::string& stated, const VerifiedBundle& bundle) {
  const auto claim = bundle.claims.find(kSourceRepository);
  const std::string certified = claim == bundle.claims.end() ? "" : claim->second;
  if (stated == certified) return {};
  return refuse("it names the source repository " + cut_text(stated, 200) +
                ", and the certificate " + cut_text(certified, 200) + ".");
}

}  // namespace

std::string package_url(const std::string& package, const std::string& version) {
  const bool scoped = package.starts_with('@');
  return "pkg:npm/" + (scoped ? "%40" + package.substr(1) : package) + "@" + version;
}

Result<std::string> check_statement(const VerifiedBundle& bundle,
                                    const ProvenanceSubject& subject) {
  if (bundle.payload_type != kPayloadType)
    return refuse("its payload is not of the type " + std::string(kPayloadType) + ".");
  const auto statement = parse_json(bundle.payload);
  if (!statement || !statement->is_object()) return refuse("it is not JSON.");
  if (std::ranges::find(kStatements, string_member(*statement, "_type")) == kStatements.end())
    return refuse("it is no in-toto statement of version 1 or 0.1.");
  const auto type = string_member(*statement, "predicateType");
  if (type != kSlsa1 && type != kSlsa02)
    return refuse("its predicate is no SLSA provenance of version 1 or 0.2.");
  if (auto about = check_subject(*statement, subject); !about) return fail(about);
  if (auto source = check_source(source_of(*statement, type), bundle); !source) return fail(source);
  return type;
}

std::string provenance_member(const std::string& package, const std::string& version,
                              const std::string& predicate_type) {
  std::string name = package;
  if (const auto slash = name.find('/'); slash != name.npos) name.replace(slash, 1, "%2f");
  std::string url = json_string("/-/npm/v1/attestations/" + name + "@" + version);
  url.insert(1, 1, kBaseMark);
  return "{\"url\":" + url + ",\"provenance\":{\"predicateType\":" + json_string(predicate_type) +
         "}}";
}

VersionRecord with_provenance(VersionRecord version, const std::string& package,
                              const std::string& predicate_type) {
  const auto member = provenance_member(package, version.version, predicate_type);
  version.manifest = with_dist_member(version.manifest, "attestations", member);
  version.abbreviated = with_dist_member(version.abbreviated, "attestations", member);
  return version;
}

Bytes render_attestations(const std::vector<Attestation>& attestations) {
  Bytes out = "{\"attestations\":[";
  for (const auto& [predicate_type, bundle] : attestations) {
    if (out.back() != '[') out += ',';
    out += "{\"predicateType\":" + json_string(predicate_type) + ",\"bundle\":" + bundle + "}";
  }
  return out + "]}";
}

}  // namespace kontor::npm
