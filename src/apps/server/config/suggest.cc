// Edit distance in the optimal string alignment form: three rows of the usual table.
#include "apps/server/config/suggest.h"

#include "base/encoding.h"

#include <algorithm>
#include <vector>

namespace kontor::config {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  before = above;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongest = 64;
  if (name.size() > kLongest) return {};
  auto wanted = to_lower_ascii(name);
  std::size_t best = (name.size() < 4 ? 1 : std::max<std::size_t>(2, name.size() / 4)) + 1;
  std::string_view found;
  for (auto candidate : candidates) {
    auto lower = to_lower_ascii(candidate);
    auto distance = edit_distance(wanted, lower);
    if (auto dot = lower.rfind('.'); dot != lower.npos)
      distance = std::min(distance, 1 + edit_distance(wanted, lower.substr(dot + 1)));
    if (distance >= best) continue;
    best = distance;
    found = candidate;
  }
  return found;
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates) {
  auto found = nearest(name, candidates);
  if (found.empty()) return "";
  return "; did you mean \"" + std::string(found) + "\"?";
}

}  // namespace kontor::config
