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
constexpr std::string_view kGithubBuild =
    "https://slsa-framework.github.io/github-actions-buildtypes/workflow/";

// Claims of certificates, by their last number.
constexpr int kRunnerEnvironment = 11, kSourceRepository = 12, kRepositoryId = 15, kOwnerId = 17,
              kBuildConfig = 18;

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

// What a statement says of something that its signer's certificate states, too.
struct Stated {
  int claim;
  const char* what;
  std::string value;  // empty where it says nothing
};

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::vector<Stated> stated_by_github(const Json& build, const Json& predicate) {
  const Json& workflow = at(build, {"externalParameters", "workflow"});
  const Json& ids = at(build, {"internalParameters", "github"});
  return {{kRunnerEnvironment, "runner environment",
           last_part(string_member(at(predicate, {"runDetails", "builder"}), "id"))},
          {kRepositoryId, "repository id", string_member(ids, "repository_id")},
          {kOwnerId, "owner id", string_member(ids, "repository_owner_id")},
          {kBuildConfig, "workflow",
           string_member(workflow, "repository") + "/" + string_member(workflow, "path") + "@" +
               string_member(workflow, "ref")}};
}

std::vector<Stated> stated_by(const Json& statement, std::string_view type) {
  const Json& predicate = at(statement, {"predicate"});
  if (type == kSlsa02) {
    auto uri = string_member(at(predicate, {"invocation", "configSource"}), "uri");
    if (uri.starts_with("git+")) uri.erase(0, 4);
    return {{kSourceRepository, "source repository",
             uri.substr(0, uri.find('@', uri.find("://") + 3))}};
  }
  const Json& build = at(predicate, {"buildDefinition"});
  std::vector<Stated> stated;
  if (string_member(build, "buildType").starts_with(kGithubBuild))
    stated = stated_by_github(build, predicate);
  stated.insert(stated.begin(),
                {kSourceRepository, "source repository",
                 string_member(at(build, {"externalParameters", "workflow"}), "repository")});
  return stated;
}

// Who runs the builder wrote the statement; the certificate's claims are the identity provider's.
// The source repository is always compared, all else where the certificate states it.
Result<void> check_identity(const Json& statement, std::string_view type,
                            const VerifiedBundle& bundle) {
  for (const auto& [number, what, value] : stated_by(statement, type)) {
    const auto claim = bundle.claims.find(number);
    if (claim == bundle.claims.end() && number != kSourceRepository) continue;
    const std::string certified = claim == bundle.claims.end() ? "" : claim->second;
    if (value == certified) continue;
    return refuse(std::string("it names the ") + what + " " + cut_text(value, 200) +
                  ", and the certificate " + cut_text(certified, 200) + ".");
  }
  return {};
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
  if (auto same = check_identity(*statement, type, bundle); !same) return fail(same);
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
