#pragma once
// What all isolates of the deployment have counted together, as the worker sums it up.
#include "apps/edge/host.h"
#include "ports/metrics_source.h"

namespace kontor::edge {

class EdgeMetrics final : public MetricsSource {
 public:
  explicit EdgeMetrics(Host& host) : host_(host) {}
  // Before text() is asked for.
  Task<> fetch();
  std::string text() const override { return text_; }

 private:
  Host& host_;
  std::string text_;
};

}  // namespace kontor::edge
