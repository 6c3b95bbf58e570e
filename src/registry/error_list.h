#pragma once
// Remembered failures as JSON: as administrators see them, and as hosts keep them. Row HLT-02.
#include "base/json.h"
#include "domain/error_groups.h"

#include <vector>

namespace kontor {

Json to_json(const ErrorGroup& group);
Json to_json(const std::vector<ErrorGroup>& groups);

// What is no group is left out: it is only a memory.
std::vector<ErrorGroup> error_groups_of(const Json& list);

}  // namespace kontor
