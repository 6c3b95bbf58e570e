#pragma once
// Names of blobs as keys in R2, which knows no second name of an object: the bytes go to the key,
// with the content type and metadata of row STO-08, and "blobs/<sha256>" names it (r2_blobs.h).
#include "apps/edge/host.h"
#include "ports/object_names.h"

namespace kontor::edge {

class R2Names final : public ObjectNames {
 public:
  explicit R2Names(Host& host) : host_(host) {}

  Task<> give(ObjectName name) override;
  Task<> take(std::string key) override;

 private:
  Host& host_;
};

}  // namespace kontor::edge
