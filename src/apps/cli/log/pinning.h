#pragma once
// Believing a log for the first time: the only moment at which something is believed unproved.
#include "apps/cli/registry_client.h"

#include <string>

namespace kontor::cli {

struct PinWish {
  std::string log = "public";
  std::string key;     // empty: the one that the registry serves
  std::string policy;  // text of a tlog-policy, instead of a key
  bool replace = false;
};

struct Pinned {
  std::string vkey;
  std::uint64_t size = 0;
  std::string root;      // base64
  bool vouched = false;  // by the key that was pinned before: see succession.h
};

// Pins a key or policy that has signed what the registry shows; Pin::create() says where. A key for
// which the pinned one vouches takes its place. Errors:
// not_found where it has no such log, invalid_signature, conflict where another key is pinned.
Result<Pinned> pin_log(RegistryClient& client, const CommandContext& context, const PinWish& wish);

}  // namespace kontor::cli
