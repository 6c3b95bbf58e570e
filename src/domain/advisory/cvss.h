#pragma once
// Base scores of CVSS vectors by the formulas that FIRST publishes: versions 2.0, 3.0 and 3.1.
#include <optional>
#include <string_view>

namespace kontor {

// From 0 to 10 with one decimal. Nothing where the text is no vector of these versions, or a base
// metric is missing, unknown or given twice. Temporal and environmental metrics are not looked at.
std::optional<double> cvss_score(std::string_view vector);

}  // namespace kontor
