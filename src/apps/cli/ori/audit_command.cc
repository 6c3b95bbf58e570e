// `ori audit`: what the registry's advisories say of all that the project installs.
#include "apps/cli/ori/advisories.h"
#include "apps/cli/ori/commands.h"
#include "apps/cli/ori/supply.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

namespace kontor::cli::ori {
namespace {

// The packages of one registry, and the registry.
using Questions = std::map<Source*, Json>;

Result<Questions> questions_of(const Graph& graph, Supply& supply) {
  Questions questions;
  for (const auto& [name, package] : graph.packages) {
    const auto source = supply.source_of(name);
    if (!source) return std::unexpected(source.error());
    auto& packages = questions.try_emplace(*source, Json::array()).first->second;
    packages.push_back({{"name", name}, {"version", package.version}});
  }
  return questions;
}

// Lowest first.
constexpr std::array<std::string_view, 4> kLevels = {"low", "moderate", "high", "critical"};

// Whether an advisory is as grave as `deny`, or graver. Who states no severity is taken to be, and
// what was made to harm is beyond all levels.
bool is_denied(const Json& advisory, std::string_view deny) {
  const auto severity = text_of(advisory, "severity");
  const auto at = std::ranges::find(kLevels, severity);
  return flag_of(advisory, "malicious") || at >= std::ranges::find(kLevels, deny);
}

bool has_denied(const Json& affected, std::string_view deny) {
  for (const auto& result : affected)
    for (const auto& advisory : list_of(result, "advisories"))
      if (is_denied(advisory, deny)) return true;
  return false;
}

std::string words_of(const Json& result, const Graph& graph) {
  const auto name = text_of(result, "name");
  std::string out = name + "@" + text_of(result, "version") + "\n";
  for (const auto& advisory : list_of(result, "advisories")) {
    out += "  " + text_of(advisory, "id") + "  " + text_of(advisory, "severity") + "  " +
           text_of(advisory, "summary") + "\n";
    const auto fixed = text_of(advisory, "fixed");
    out += fixed.empty() ? "    no version mends it\n" : "    mended in " + fixed + "\n";
  }
  for (const auto& way : ways_to(graph, name, 3)) {
    out += "    needed by " + graph.root;
    for (std::size_t i = 0; i + 1 < way.size(); ++i) out += " > " + way[i];
    out += "\n";
  }
  return out;
}

Result<Done> audit(Desk& desk, const std::string& deny) {
  const auto project = open_project(desk);
  if (!project) return std::unexpected(project.error());
  auto supply = Supply::open(desk, &*project);
  if (!supply) return fail(supply);
  const auto graph = resolve(project->manifest, *supply);
  if (!graph) return std::unexpected(graph.error());
  const auto questions = questions_of(*graph, *supply);
  if (!questions) return std::unexpected(questions.error());
  Json affected = Json::array();
  for (const auto& [source, packages] : *questions) {
    const auto found = affected_among(source->registry(), packages);
    if (!found) return std::unexpected(found.error());
    affected.insert(affected.end(), found->begin(), found->end());
  }
  Done done;
  for (const auto& result : affected) done.words += words_of(result, *graph);
  const auto count = graph->packages.size();
  done.words += std::to_string(affected.size()) + " of " + std::to_string(count) +
                (count == 1 ? " package is" : " packages are") + " affected by advisories.\n";
  done.facts = {{"packages", count}, {"affected", affected}};
  done.status = has_denied(affected, deny) ? kRefused : kDone;
  return done;
}

}  // namespace

void add_audit_command(CLI::App& program, CommandContext& context) {
  const auto deny = std::make_shared<std::string>(kLevels.front());
  auto& command = add_command(
      program, context, "audit",
      "Look for known vulnerabilities in all that is installed; status 1 where there are, 2 where "
      "that cannot be told",
      [deny](Desk& desk) { return audit(desk, *deny); }, kNotChecked);
  command
      .add_option("--deny", *deny,
                  "End with 1 only for these and graver: low, moderate, high, critical")
      ->check(CLI::IsMember(std::vector<std::string>(kLevels.begin(), kLevels.end())));
}

}  // namespace kontor::cli::ori
