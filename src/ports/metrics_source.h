#pragma once
// Where the metrics text comes from; each host counts in its own way.
#include <string>

namespace kontor {

class MetricsSource {
 public:
  virtual ~MetricsSource() = default;
  virtual std::string text() const = 0;  // Prometheus exposition format 0.0.4
};

}  // namespace kontor
