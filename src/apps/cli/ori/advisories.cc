// What was published is judged by the registry; here its answers are put into words.
#include "apps/cli/ori/advisories.h"

#include <algorithm>

namespace kontor::cli::ori {
namespace {

constexpr const char* kEcosystem = "Ori";
constexpr std::size_t kMostAsked = 5000;  // packages in one question

}  // namespace

void warn_of_advisories(Desk& desk, const std::string& package, const Json& metadata) {
  const auto& ids = list_of(metadata, "advisories");
  if (!ids.empty()) desk.warn(package + " is affected by " + joined(ids) + "; see: ori audit");
}

Result<Json> affected_among(Registry& registry, const Json& packages) {
  Json affected = Json::array();
  for (std::size_t begin = 0; begin < packages.size(); begin += kMostAsked) {
    Json some = Json::array();
    for (std::size_t i = begin; i < std::min(packages.size(), begin + kMostAsked); ++i)
      some.push_back({{"name", text_of(packages[i], "name")},
                      {"version", text_of(packages[i], "version")},
                      {"ecosystem", kEcosystem}});
    const auto answer =
        registry.call("POST", "/v1/advisories/query", {{"packages", std::move(some)}});
    if (!answer) return std::unexpected(answer.error());
    for (const auto& result : list_of(*answer, "results"))
      if (!list_of(result, "advisories").empty()) affected.push_back(result);
  }
  return affected;
}

std::string versions_of(const Json& list) {
  std::string out;
  for (const auto& version : list_of(list, "versions")) {
    out += (out.empty() ? "" : ", ") + text_of(version, "version");
    const auto ids = joined(list_of(version, "advisories"));
    if (!ids.empty()) out += " (" + ids + ")";
  }
  return out.empty() ? "none" : out;
}

}  // namespace kontor::cli::ori
