#pragma once
// What of a changed configuration a running server takes over (row CFG-06).
#include "apps/server/config/config.h"
#include "apps/server/config/sources.h"

#include <string>
#include <vector>

namespace kontor::config {

struct Reloaded {
  Config config;                     // the running one with every change that can be taken over
  std::vector<std::string> changed;  // paths of the keys that changed in it
  Problems warnings;                 // one for each changed key that waits for a restart
};

Reloaded reload(const Config& running, const Config& wanted);

}  // namespace kontor::config
