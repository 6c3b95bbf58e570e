#pragma once
// A manifest that was stored, judged again: what follows from it, and whether it still fits its
// row.
#include "ports/package_records.h"

#include <string>

namespace kontor::npm {

// The abbreviated fragment that make_fragments() would have made beside this full one.
std::string abbreviated_of(const std::string& package, const std::string& manifest);

// Names the first member that contradicts the record, empty where none does.
std::string contradiction_in(const std::string& package, const VersionRecord& version);

}  // namespace kontor::npm
