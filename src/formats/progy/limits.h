#pragma once
// Limits of row RL-03, beside those that every request counts for: publishes by user, downloads by
// address. A failed publish uses up nothing.
#include "registry/registry.h"

#include <string_view>

namespace kontor::progy {

// Names of the limits in the settings.
inline constexpr std::string_view kPublishRate = "progyPublish", kDownloadRate = "progyDownload";

// rate_limited, with the time to wait, where the user has no publish left. Counts nothing.
Task<> check_publish(Registry& registry, const Principal& who);
// The same, and counts one.
Task<> take_publish(Registry& registry, const Principal& who);
Task<> take_download(Registry& registry, std::string_view address);

}  // namespace kontor::progy
