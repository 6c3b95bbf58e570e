#pragma once
// The buckets of a deployment. worker/instance.mjs has the same table.
#include <cstdint>

namespace kontor::edge {

enum class Bucket : std::uint32_t {
  npm = 0,         // REGISTRY_NPM: blobs of all packages; only the registry decides who gets them
  restricted = 1,  // REGISTRY_PRIVATE: the files of the private and the audit log
  open = 2,        // REGISTRY_CDN: the files of the public log, which anybody may read
};

}  // namespace kontor::edge
