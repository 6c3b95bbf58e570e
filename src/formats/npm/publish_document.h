#pragma once
// From a received publish document and what was learnt of its tarball to the Publication that the
// shared pipeline commits. Pure. Row NPM-04.
#include "domain/archive_report.h"
#include "formats/npm/envelope_reader.h"
#include "formats/npm/manifest.h"
#include "registry/publication.h"

#include <string>
#include <vector>

namespace kontor::npm {

// The files the inspector keeps for decode_publication, in the order it expects them.
std::vector<WantedFile> wanted_files();

// The package.json inside; invalid_archive where there is none or it cannot be read.
Result<Json> packed_manifest(const ArchiveReport& report, std::uint32_t max_json_depth);

struct Received {
  std::string name;  // of the package, from the URL
  const Envelope& envelope;
  const BlobDigests& archive;
  const ArchiveReport& report;
  Person publisher;
  std::vector<Person> maintainers;
  std::uint32_t max_json_depth = 64;
  bool takes_bundles = false;  // there is somebody to verify them
};

// Checks in this order: names agree; exactly one version, one tarball and, where these are taken, at
// most one bundle, which is left to the caller; the version is semantic;
// tags; access; length, shasum and integrity where stated; the manifest inside the tarball. Scope
// and collision key of the result are left to the caller.
Result<Publication> decode_publication(const Received& received);

}  // namespace kontor::npm
