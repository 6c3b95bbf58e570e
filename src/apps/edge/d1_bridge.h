#pragma once
// Batches for the worker's D1 binding.
#include "adapters/d1/bridge.h"
#include "apps/edge/host.h"

namespace kontor::edge {

class D1Bridge final : public d1::Bridge {
 public:
  explicit D1Bridge(Host& host) : host_(host) {}
  Task<std::vector<d1::Rows>> batch(std::vector<d1::Statement> statements) override;

 private:
  Host& host_;
};

}  // namespace kontor::edge
