#pragma once
// Files that settings name: objects "config/<name>" of the bucket.
#include "apps/edge/host.h"

#include <string>

namespace kontor::edge {

// unavailable, with a sentence for the operator, where there is no such object.
Task<Bytes> read_setting_file(Host& host, std::string name);

}  // namespace kontor::edge
