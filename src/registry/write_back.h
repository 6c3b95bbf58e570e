#pragma once
// What a loop has counted and not yet written: downloads and uses of tokens. The host calls this
// every few seconds and when it stops, so that neither ever delays an answer.
#include "registry/registry.h"

namespace kontor {

// On failure the downloads stay counted for the next time; a token's use may be forgotten.
Task<> write_back(Registry& registry);

}  // namespace kontor
