#pragma once
// One artifact on its way into the registry. Row PGC-03.
#include "apps/cli/progy/registry_api.h"
#include "formats/progy/course.h"

#include <cstdint>
#include <string>

namespace kontor::cli::progy {

struct Artifact {
  std::string path;
  kontor::progy::Course course;  // the one inside
  std::uint64_t size = 0;
};
// Reads and checks all of it.
Outcome<Artifact> open_artifact(const std::string& path);

struct PublishWish {
  std::string changelog;
  bool force = false;  // replace a published version, row D-10
};
// The registry's answer: version, url, checksum.
Outcome<Json> publish_artifact(Desk& desk, RegistryApi& api, const Artifact& artifact,
                               const PublishWish& wish);

}  // namespace kontor::cli::progy
