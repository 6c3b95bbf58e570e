// Keys of the upstream project's files that mean nothing here: named, so that a file of it is read
// with reasons and not with guesses.
#include "apps/server/config/keys.h"

namespace kontor::config {
namespace {

constexpr UnusedKey kUnused[] = {
    {"name", "the registry has no display name"},
    {"storage", "packages are stored in dataDir"},
    {"cdn", "put the address of the CDN into publicUrl"},
    {"uplinks", "other registries are not asked for missing packages"},
    {"packages", "access is decided by each package's owners, not by patterns"},
    {"publish", "access of new packages is set by npm.newPackageAccess"},
    {"middlewares", "limits are set under limits"},
    {"logging.destination", "logs go to standard error"},
};

}  // namespace

std::span<const UnusedKey> unused_keys() {
  return kUnused;
}

}  // namespace kontor::config
