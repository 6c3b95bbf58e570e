#pragma once
// The signing keys of a running registry, for its administrators. No secret ever passes here.
#include "ports/log_key_keeper.h"
#include "ports/log_store.h"
#include "ports/release_signer.h"
#include "ports/signer.h"
#include "registry/gateway.h"

#include <span>

namespace kontor {

struct KeyService {
  Registry& registry;
  Signer& logs;
  LogKeyKeeper& keeper;
  ReleaseSigner& releases;
  LogStore& log;
};

std::span<const RouteEntry<KeyService>> key_routes();

}  // namespace kontor
