#pragma once
// What a request with a credential asks of the database first, besides who that is, is plain from
// its path: asked together it costs one round trip instead of two.
#include "http/message.h"
#include "registry/registry.h"

namespace kontor::edge {

// Rehearses it. Nothing is decided by this.
void foresee(Registry& registry, const http::Request& request);

}  // namespace kontor::edge
