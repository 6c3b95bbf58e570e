// Choice of the version that `latest` names.
#include "registry/format.h"

namespace kontor {

std::string highest_version(const Format& format, const std::vector<std::string>& versions) {
  std::string best;
  bool best_is_stable = false;
  for (const auto& version : versions) {
    const bool stable = format.is_stable(version);
    if (!best.empty() && best_is_stable && !stable) continue;
    const bool better = best.empty() || (stable && !best_is_stable) ||
                        format.comes_before(best, version);
    if (!better) continue;
    best = version;
    best_is_stable = stable;
  }
  return best;
}

}  // namespace kontor
