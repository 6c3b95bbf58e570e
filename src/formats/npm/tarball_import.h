#pragma once
// Taking a version from its tarball alone, as a bulk import does: the manifest is the package.json
// inside. What is stored is what `npm publish` of the same tarball would leave.
#include "base/json.h"
#include "domain/archive_report.h"
#include "http/message.h"
#include "registry/publish.h"

#include <memory>
#include <string>

namespace kontor::npm {

// A tarball that was read and inspected; nothing of it is visible yet.
struct StagedTarball {
  PublishTarget target;
  std::string version;
  Json manifest;
  std::unique_ptr<BlobWriter> archive;  // sealed
  BlobDigests digests;
  ArchiveReport report;
};

// Reads all of `bytes`, in memory that does not grow with them. Fails as a publish of the same
// tarball would: invalid_archive, too_large, invalid_name, invalid_version.
Task<StagedTarball> stage_tarball(Registry& registry, std::unique_ptr<http::BodyReader> bytes);

// Publishes it; see registry/publish.h for what is durable then. `latest` moves to the version
// unless it names a higher one already. Versions of one package are to be published one after the
// other, for two that are under way at once may both think that they are the highest.
// `access` counts for new packages; nothing: as the settings have it.
Task<Published> publish_staged(Registry& registry, Actor actor, StagedTarball tarball,
                               std::optional<Visibility> access);

}  // namespace kontor::npm
