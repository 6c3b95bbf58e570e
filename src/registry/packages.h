#pragma once
// Finding a package with the eyes of a caller. A package hidden from the caller and one that does
// not exist give the same answer (row AUTH-12).
#include "base/task.h"
#include "registry/actor.h"
#include "registry/registry.h"

#include <string>

namespace kontor {

// not_found where there is none or the caller may not see it.
Task<PackageRecord> load_readable(Registry& registry, Principal who, PackageKey key);

// The package, where the caller may do `action` on it; otherwise the error to answer.
Task<PackageRecord> load_for(Registry& registry, Principal who, PackageKey key, Action action);

// The same with its archive of that name, which it may lack.
Task<PackageFile> load_readable_file(Registry& registry, Principal who, PackageKey key,
                                     std::string file_name);

// The eyes of a caller on lists and searches. A token that covers some packages only sees there
// what everybody sees: no index knows its patterns.
Viewer viewer_of(const Principal& who);

}  // namespace kontor
