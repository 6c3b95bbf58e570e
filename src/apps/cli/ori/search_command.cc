// `ori search` and `ori info`: what a registry has.
#include "apps/cli/ori/advisories.h"
#include "apps/cli/ori/commands.h"
#include "apps/cli/ori/package_spec.h"
#include "apps/cli/ori/supply.h"
#include "base/encoding.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace kontor::cli::ori {
namespace {

struct SearchArguments {
  std::vector<std::string> words;
  std::string keyword;
  std::string scope;
  int limit = 20;
};

// Gives each result the ids of the advisories that affect it; a warning where they are not known.
void add_advisories(Desk& desk, Registry& registry, Json& results) {
  const auto affected = affected_among(registry, results);
  if (!affected)
    desk.warn("Whether advisories affect these is not known: " +
              std::string(affected.error().message()));
  for (auto& result : results) result["advisories"] = Json::array();
  if (!affected) return;
  for (const auto& known : *affected)
    for (auto& result : results)
      if (text_of(result, "name") == text_of(known, "name"))
        for (const auto& advisory : list_of(known, "advisories"))
          result["advisories"].push_back(text_of(advisory, "id"));
}

Result<Done> search(Desk& desk, const SearchArguments& arguments) {
  std::string words;
  for (const auto& word : arguments.words) words += (words.empty() ? "" : " ") + word;
  auto place = find_place(desk, nullptr, "");
  if (!place) return fail(place);
  Registry registry(*std::move(place), desk.options().ca_file);
  std::string path =
      "/v1/search?q=" + percent_encode(words) + "&limit=" + std::to_string(arguments.limit);
  if (!arguments.keyword.empty()) path += "&keyword=" + percent_encode(arguments.keyword);
  if (!arguments.scope.empty()) path += "&scope=" + percent_encode(arguments.scope);
  const auto found = registry.call("GET", path);
  if (!found) return std::unexpected(found.error());
  Done done;
  Json results = Json::array();
  for (const auto& result : list_of(*found, "results"))
    if (result.is_object()) results.push_back(result);
  add_advisories(desk, registry, results);
  const auto total = found->find("total");
  done.facts = {{"results", results}, {"total", total == found->end() ? Json(nullptr) : *total}};
  for (const auto& result : results) {
    done.words += text_of(result, "name") + " " + text_of(result, "version") + "\n    " +
                  text_of(result, "description") + "\n";
    const auto& advisories = list_of(result, "advisories");
    if (!advisories.empty()) done.words += "    affected by " + joined(advisories) + "\n";
  }
  if (results.empty()) done.words = "Nothing was found.\n";
  return done;
}

std::string line(const std::string& name, const std::string& value) {
  return value.empty() ? "" : "  " + name + std::string(14 - name.size(), ' ') + value + "\n";
}

std::string words_of(const Json& metadata) {
  std::string out = text_of(metadata, "name") + " " + text_of(metadata, "version") + "\n";
  out += "  " + text_of(metadata, "description") + "\n\n";
  out += line("license", text_of(metadata, "license"));
  out += line("authors", joined(list_of(metadata, "authors")));
  out += line("repository", text_of(metadata, "repository"));
  out += line("keywords", joined(list_of(metadata, "keywords")));
  out += line("ori", text_of(metadata, "ori"));
  out +=
      line("published", text_of(metadata, "publishedAt") + " by " + text_of(metadata, "publisher"));
  out += line("checksum", text_of(metadata, "checksum"));
  std::string needs;
  for (const auto& dependency : list_of(metadata, "dependencies"))
    if (text_of(dependency, "kind") == "normal")
      needs += (needs.empty() ? "" : ", ") + text_of(dependency, "name") + " " +
               text_of(dependency, "version");
  out += line("needs", needs);
  out += line("deprecated", text_of(metadata, "deprecated"));
  out += line("advisories", joined(list_of(metadata, "advisories")));
  if (flag_of(metadata, "yanked")) out += "  It was yanked by its owners.\n";
  if (flag_of(metadata, "quarantined")) out += "  It is in quarantine because of an advisory.\n";
  if (flag_of(metadata, "removed")) out += "  The registry has removed it.\n";
  return out;
}

Result<Done> show(Desk& desk, const std::string& package) {
  auto spec = parse_spec(package);
  if (!spec) return fail(spec);
  auto project = open_project(desk);
  if (!project && project.error().code != Code::not_found) return fail(project);
  auto supply = Supply::open(desk, project ? &*project : nullptr);
  if (!supply) return fail(supply);
  const auto versions = supply->versions(spec->name);
  if (!versions) return std::unexpected(versions.error());
  Json names = Json::array();
  for (const auto& version : list_of(*versions, "versions"))
    names.push_back(text_of(version, "version"));
  if (spec->version.empty()) spec->version = text_of(*versions, "latest");
  if (spec->version.empty() && !names.empty()) spec->version = names.front().get<std::string>();
  if (spec->version.empty())
    return fail(Code::version_not_found, spec->name + " has no version that can be installed.");
  const auto metadata = supply->metadata(spec->name, spec->version);
  if (!metadata) return std::unexpected(metadata.error());
  Done done;
  done.facts = *metadata;
  done.facts["versions"] = names;
  done.words = words_of(*metadata) + line("versions", versions_of(*versions));
  return done;
}

}  // namespace

void add_search_commands(CLI::App& program, CommandContext& context) {
  const auto arguments = std::make_shared<SearchArguments>();
  auto& searching = add_command(program, context, "search", "Search a registry",
                                [arguments](Desk& desk) { return search(desk, *arguments); });
  searching.add_option("words", arguments->words, "Words of names and descriptions");
  searching.add_option("--keyword", arguments->keyword, "Only packages with this keyword");
  searching.add_option("--scope", arguments->scope, "Only packages of this scope");
  searching.add_option("--limit", arguments->limit, "At most so many")
      ->check(CLI::Range(1, 250))
      ->capture_default_str();
  const auto package = std::make_shared<std::string>();
  auto& showing =
      add_command(program, context, "info", "Show a version of a package, or its latest",
                  [package](Desk& desk) { return show(desk, *package); });
  showing.add_option("package", *package, "@scope/name or @scope/name:version")->required();
}

}  // namespace kontor::cli::ori
