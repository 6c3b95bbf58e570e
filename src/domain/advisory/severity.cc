// Names and the scale.
#include "domain/advisory/severity.h"

#include "base/encoding.h"

namespace kontor {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::low:
      return "low";
    case Severity::moderate:
      return "moderate";
    case Severity::high:
      return "high";
    case Severity::critical:
      return "critical";
    case Severity::unknown:
      break;
  }
  return "unknown";
}

std::optional<Severity> parse_severity(std::string_view text) {
  const auto word = to_lower_ascii(text);
  if (word == "low" || word == "none" || word == "info") return Severity::low;
  if (word == "moderate" || word == "medium") return Severity::moderate;
  if (word == "high") return Severity::high;
  if (word == "critical") return Severity::critical;
  if (word == "unknown") return Severity::unknown;
  return std::nullopt;
}

Severity severity_of(double score) {
  if (score >= 9.0) return Severity::critical;
  if (score >= 7.0) return Severity::high;
  if (score >= 4.0) return Severity::moderate;
  return Severity::low;
}

}  // namespace kontor
