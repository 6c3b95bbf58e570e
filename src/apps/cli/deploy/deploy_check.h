#pragma once
// Whether a running deployment works, as its clients see it.
#include "base/error.h"

#include <iosfwd>
#include <string>

namespace kontor::cli {

// Asks health and version, each of its stores by its readiness (at the edge: every binding), a page
// of the search index, and downloads one package whose bytes must have the digest its document
// states. One line each; fails with the number of what failed.
Result<void> check_deployment(const std::string& url, std::ostream& out);

}  // namespace kontor::cli
