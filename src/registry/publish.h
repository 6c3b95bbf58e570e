#pragma once
// The publish pipeline that all formats share, after the upload was decoded and inspected:
// load -> decide -> keep the bytes -> commit one atomic change.
#include "base/task.h"
#include "registry/actor.h"
#include "registry/format.h"
#include "registry/publication.h"
#include "registry/registry.h"

#include <memory>
#include <string>
#include <vector>

namespace kontor {

// The name a publish is about.
struct PublishTarget {
  PackageKey key;
  std::string scope;          // without '@'; empty: none
  std::string collision_key;  // names with an equal key are taken for each other
};

// Whether the caller may publish under this name, asked before an archive is received. Yields the
// owners of the package, none where it would be new.
Task<std::vector<Owner>> admit_publish(Registry& registry, const Format& format, Actor actor,
                                       PublishTarget target);

struct Published {
  std::uint64_t revision = 0;      // of the package
  bool repeated = false;           // the very same bytes had been published by this caller already
  std::optional<LogPlace> logged;  // of the leaf that tells of it
  std::vector<std::string> warnings;         // what advisories say of it and of what it depends on
  Visibility visibility = Visibility::open;  // of the package
};

// `archive` is sealed; its digests are those of the publication. On success blob, version, tags,
// search entry and audit row are durable and visible. A repetition of a publish whose answer was
// lost succeeds without a change; other bytes under an existing version fail with version_exists.
// After an error nothing is visible, though the blob's bytes may stay behind unreferenced.
Task<Published> publish(Registry& registry, const Format& format, Actor actor,
                        Publication publication, std::unique_ptr<BlobWriter> archive);

}  // namespace kontor
