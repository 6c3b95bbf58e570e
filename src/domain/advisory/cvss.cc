// Metrics are looked up in small tables of weights, then the formulas as the specifications have
// them (CVSS 2.0 section 3.2.1; CVSS 3.1 section 7.1 and appendix A).
#include "domain/advisory/cvss.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>

namespace kontor {
namespace {

struct Weight {
  std::string_view value;
  double weight;
};

// The metrics of one vector: "AV:N/AC:L/...".
class Metrics {
 public:
  explicit Metrics(std::string_view text) {
    while (!text.empty() && size_ < entries_.size()) {
      const auto end = std::min(text.find('/'), text.size());
      const auto part = text.substr(0, end);
      const auto colon = part.find(':');
      if (colon == part.npos || value_of(part.substr(0, colon))) {
        good_ = false;
        return;
      }
      entries_[size_++] = {part.substr(0, colon), part.substr(colon + 1)};
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    good_ = text.empty();
  }

  // The weight of a metric's value; a failure is remembered.
  double weight(std::string_view metric, std::span<const Weight> weights) {
    const auto value = value_of(metric);
    const auto found = std::ranges::find(weights, value.value_or(""), &Weight::value);
    if (found != weights.end()) return found->weight;
    good_ = false;
    return 0;
  }
  bool is(std::string_view metric, std::string_view value) const {
    return value_of(metric) == value;
  }
  bool good() const { return good_; }

 private:
  std::optional<std::string_view> value_of(std::string_view metric) const {
    for (std::size_t i = 0; i < size_; ++i)
      if (entries_[i].first == metric) return entries_[i].second;
    return std::nullopt;
  }

  std::array<std::pair<std::string_view, std::string_view>, 40> entries_;
  std::size_t size_ = 0;
  bool good_ = true;
};

// Up to one decimal; in whole hundred-thousandths, because 4.02 has no exact double.
double round_up(double value) {
  const auto scaled = static_cast<std::int64_t>(std::llround(value * 100'000));
  if (scaled % 10'000 == 0) return static_cast<double>(scaled) / 100'000;
  return static_cast<double>(scaled / 10'000 + 1) / 10;
}

constexpr Weight kVector3[] = {{"N", 0.85}, {"A", 0.62}, {"L", 0.55}, {"P", 0.2}};
constexpr Weight kComplexity3[] = {{"L", 0.77}, {"H", 0.44}};
constexpr Weight kPrivileges[] = {{"N", 0.85}, {"L", 0.62}, {"H", 0.27}};
constexpr Weight kPrivilegesChanged[] = {{"N", 0.85}, {"L", 0.68}, {"H", 0.5}};
constexpr Weight kInteraction[] = {{"N", 0.85}, {"R", 0.62}};
constexpr Weight kScope[] = {{"U", 0}, {"C", 1}};
constexpr Weight kImpact3[] = {{"H", 0.56}, {"L", 0.22}, {"N", 0}};

std::optional<double> score3(std::string_view text) {
  Metrics metrics(text);
  const bool changed = metrics.weight("S", kScope) > 0;
  const double exploitability =
      8.22 * metrics.weight("AV", kVector3) * metrics.weight("AC", kComplexity3) *
      metrics.weight("PR", changed ? std::span<const Weight>(kPrivilegesChanged) : kPrivileges) *
      metrics.weight("UI", kInteraction);
  const double iss = 1 - (1 - metrics.weight("C", kImpact3)) * (1 - metrics.weight("I", kImpact3)) *
                             (1 - metrics.weight("A", kImpact3));
  if (!metrics.good()) return std::nullopt;
  const double impact =
      changed ? 7.52 * (iss - 0.029) - 3.25 * std::pow(iss - 0.02, 15) : 6.42 * iss;
  if (impact <= 0) return 0;
  return round_up(std::min(10.0, (changed ? 1.08 : 1.0) * (impact + exploitability)));
}

constexpr Weight kVector2[] = {{"L", 0.395}, {"A", 0.646}, {"N", 1.0}};
constexpr Weight kComplexity2[] = {{"H", 0.35}, {"M", 0.61}, {"L", 0.71}};
constexpr Weight kAuthentication[] = {{"M", 0.45}, {"S", 0.56}, {"N", 0.704}};
constexpr Weight kImpact2[] = {{"N", 0}, {"P", 0.275}, {"C", 0.66}};

std::optional<double> score2(std::string_view text) {
  Metrics metrics(text);
  const double exploitability = 20 * metrics.weight("AV", kVector2) *
                                metrics.weight("AC", kComplexity2) *
                                metrics.weight("Au", kAuthentication);
  const double impact =
      10.41 * (1 - (1 - metrics.weight("C", kImpact2)) * (1 - metrics.weight("I", kImpact2)) *
                       (1 - metrics.weight("A", kImpact2)));
  if (!metrics.good()) return std::nullopt;
  const double base = (0.6 * impact + 0.4 * exploitability - 1.5) * (impact == 0 ? 0 : 1.176);
  return std::round(base * 10) / 10;
}

}  // namespace

std::optional<double> cvss_score(std::string_view vector) {
  for (const std::string_view prefix : {"CVSS:3.1/", "CVSS:3.0/"})
    if (vector.starts_with(prefix)) return score3(vector.substr(prefix.size()));
  if (vector.starts_with("CVSS:")) return std::nullopt;
  if (vector.starts_with("(") && vector.ends_with(")")) {
    vector.remove_prefix(1);
    vector.remove_suffix(1);
  }
  return score2(vector);
}

}  // namespace kontor
