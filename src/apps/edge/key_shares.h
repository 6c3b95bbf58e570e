#pragma once
// What the keys of one use are made of besides the deployment's secret: the object "keys/<use>" of
// the bucket. Every key but the first has random bytes of its own there, so that the secret alone
// gives none of them, and a key that signs no more is gone with its share.
//
// Lines, each kind newest first: "active <share in hex>", or "active -" for the first key of all;
// then "ended <milliseconds since 1970> <the key's public half, as its signer spells it>".
#include "apps/edge/host.h"

#include <string>
#include <vector>

namespace kontor::edge {

inline constexpr std::size_t kShareBytes = 32;
inline constexpr std::size_t kMaxEndedKeys = 128;  // all are in one document

struct EndedKey {
  Timestamp at;
  std::string key;
};

struct KeyShares {
  std::vector<Bytes> active = {Bytes()};  // never empty; an empty share is the first key's
  std::vector<EndedKey> ended;
  Bytes stored;  // the object as it was read; empty: there was none
};

class KeyShareStore {
 public:
  explicit KeyShareStore(Host& host) : host_(host) {}

  // storage_failed where the object is damaged.
  Task<KeyShares> read(std::string use);
  // In the place of what was read, durably; conflict where another request was quicker.
  Task<> replace(std::string use, KeyShares shares);

 private:
  Host& host_;
};

}  // namespace kontor::edge
