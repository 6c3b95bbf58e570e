#pragma once
// Provenance: what a bundle's statement has to say about the version it is published with, how a
// version points at it, and the document that clients fetch. Protocol notes, sections 4.2 and 9.2.
#include "base/digest.h"
#include "base/json.h"
#include "ports/attestation_verifier.h"
#include "ports/package_records.h"

#include <string>
#include <vector>

namespace kontor::npm {

// The version that a statement has to be about.
struct ProvenanceSubject {
  std::string package;
  std::string version;
  Sha512 archive;
};

// The predicate's type. invalid_proof where the statement is not of exactly this version and
// these bytes, is no SLSA provenance, or names another source repository, workflow, runner
// environment, repository id or owner id than the certificate.
Result<std::string> check_statement(const VerifiedBundle& bundle, const ProvenanceSubject& subject);

// "pkg:npm/%40scope/name@1.0.0".
std::string package_url(const std::string& package, const std::string& version);

// The version with `dist.attestations` in both fragments.
VersionRecord with_provenance(VersionRecord version, const std::string& package,
                              const std::string& predicate_type);
// Its value, with the mark of the base URL in it.
std::string provenance_member(const std::string& package, const std::string& version,
                              const std::string& predicate_type);

// {"attestations": [{"predicateType", "bundle"}]}, the bundles as they were sent.
Bytes render_attestations(const std::vector<Attestation>& attestations);

}  // namespace kontor::npm
