#pragma once
// oripk.lock: the SHA-256 of every archive that the project installs. It is for security, not for
// choosing versions: those stand in manifests, exactly.
#include "base/digest.h"
#include "base/error.h"

#include <map>
#include <string>

namespace kontor::cli::ori {

// By "@scope/name:version"; a map sorts as the file does, by bytes.
using Lock = std::map<std::string, Sha256>;

// Empty where there is no file; bad_request where it is no lock file.
Result<Lock> read_lock(const std::string& path);
std::string print_lock(const Lock& lock);

inline std::string lock_key(const std::string& name, const std::string& version) {
  return name + ":" + version;
}

}  // namespace kontor::cli::ori
