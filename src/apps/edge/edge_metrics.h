#pragma once
// What all isolates of the deployment have counted together, as the worker sums it up, and what the
// newest check of the own endpoints found.
#include "apps/edge/far_health.h"
#include "ports/metrics_source.h"

namespace kontor::edge {

class EdgeMetrics final : public MetricsSource {
 public:
  EdgeMetrics(Host& host, FarHealth& health) : host_(host), health_(health) {}
  // Before text() is asked for.
  Task<> fetch();
  std::string text() const override { return text_; }

 private:
  Host& host_;
  FarHealth& health_;
  std::string text_;
};

}  // namespace kontor::edge
