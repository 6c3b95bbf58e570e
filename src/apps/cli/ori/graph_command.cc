// `ori deps`, `ori why` and `ori licenses`: what the project installs, looked at from three sides.
#include "apps/cli/ori/advisories.h"
#include "apps/cli/ori/commands.h"
#include "apps/cli/ori/package_spec.h"
#include "apps/cli/ori/supply.h"
#include "apps/cli/progress_bar.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <set>

namespace kontor::cli::ori {
namespace {

struct Arguments {
  std::string package;
  bool sizes = false;
  bool graph = false;
};

constexpr std::size_t kMostWays = 100;

Result<Graph> graph_here(Desk& desk) {
  const auto project = open_project(desk);
  if (!project) return std::unexpected(project.error());
  auto supply = Supply::open(desk, &*project);
  if (!supply) return fail(supply);
  auto graph = resolve(project->manifest, *supply);
  if (!graph) return graph;
  for (const auto& [name, package] : graph->packages)
    warn_of_advisories(desk, name + "@" + package.version, package.metadata);
  return graph;
}

std::uint64_t size_of(const Package& package) {
  const auto size = package.metadata.find("size");
  const bool number = size != package.metadata.end() && size->is_number_unsigned();
  return number ? size->get<std::uint64_t>() : 0;
}

// A tree in which a package that was shown before is only named.
class Tree {
 public:
  Tree(const Graph& graph, bool sizes) : graph_(graph), sizes_(sizes) {}

  std::string text() {
    std::string out = graph_.root + "\n";
    add(graph_.dependencies, "", out);
    return out;
  }

 private:
  void add(const std::vector<std::string>& names, const std::string& margin, std::string& out) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const bool last = i + 1 == names.size();
      const auto& package = graph_.packages.at(names[i]);
      out += margin + (last ? "└── " : "├── ") + names[i] + "@" + package.version;
      if (sizes_) out += "  " + human_bytes(size_of(package));
      const bool again = !shown_.insert(names[i]).second;
      out += again && !package.dependencies.empty() ? " (see above)\n" : "\n";
      if (!again) add(package.dependencies, margin + (last ? "    " : "│   "), out);
    }
  }

  const Graph& graph_;
  bool sizes_;
  std::set<std::string> shown_;
};

// Names are of letters, digits, hyphens, @ and a slash: in quotes they need no escapes.
std::string dot_of(const Graph& graph) {
  std::string out = "digraph deps {\n";
  for (const auto& name : graph.dependencies)
    out += "  \"" + graph.root + "\" -> \"" + name + "\";\n";
  for (const auto& [name, package] : graph.packages) {
    out += "  \"" + name + "\" [label=\"" + name + "\\n" + package.version + "\"];\n";
    for (const auto& next : package.dependencies)
      out += "  \"" + name + "\" -> \"" + next + "\";\n";
  }
  return out + "}\n";
}

Result<Done> deps(Desk& desk, const Arguments& arguments) {
  const auto graph = graph_here(desk);
  if (!graph) return std::unexpected(graph.error());
  Done done;
  std::uint64_t total = 0;
  Json packages = Json::array();
  for (const auto& [name, package] : graph->packages) {
    total += size_of(package);
    packages.push_back({{"name", name},
                        {"version", package.version},
                        {"size", size_of(package)},
                        {"dependencies", package.dependencies},
                        {"advisories", list_of(package.metadata, "advisories")}});
  }
  done.facts = {{"name", graph->root},
                {"dependencies", graph->dependencies},
                {"packages", packages},
                {"size", total}};
  done.words = arguments.graph ? dot_of(*graph) : Tree(*graph, arguments.sizes).text();
  if (arguments.sizes && !arguments.graph)
    done.words += std::to_string(packages.size()) +
                  (packages.size() == 1 ? " package, " : " packages, ") + human_bytes(total) + "\n";
  return done;
}

Result<Done> why(Desk& desk, const Arguments& arguments) {
  const auto spec = parse_spec(arguments.package);
  if (!spec) return std::unexpected(spec.error());
  const auto graph = graph_here(desk);
  if (!graph) return std::unexpected(graph.error());
  const auto ways = ways_to(*graph, spec->name, kMostWays);
  if (ways.empty()) return fail(Code::not_found, spec->name + " is not installed here.");
  const auto& package = graph->packages.at(spec->name);
  Done done;
  done.facts = {{"name", spec->name},
                {"version", package.version},
                {"ways", ways},
                {"advisories", list_of(package.metadata, "advisories")}};
  for (const auto& way : ways) {
    done.words += graph->root;
    for (const auto& name : way)
      done.words += " > " + name + "@" + graph->packages.at(name).version;
    done.words += "\n";
  }
  return done;
}

Result<Done> licenses(Desk& desk, const Arguments&) {
  const auto graph = graph_here(desk);
  if (!graph) return std::unexpected(graph.error());
  std::map<std::string, std::vector<std::string>> by_license;
  for (const auto& [name, package] : graph->packages) {
    const auto license = text_of(package.metadata, "license");
    by_license[license].push_back(name + "@" + package.version);
  }
  Done done;
  Json all = Json::array();
  for (const auto& [license, names] : by_license) {
    all.push_back(
        {{"license", license.empty() ? Json(nullptr) : Json(license)}, {"packages", names}});
    done.words += (license.empty() ? "(none stated)" : license) + "\n";
    for (const auto& name : names) done.words += "  " + name + "\n";
  }
  done.facts = {{"licenses", all}};
  if (by_license.empty()) done.words = "Nothing is installed.\n";
  return done;
}

CLI::App& add(CLI::App& program, CommandContext& context, const char* name, const char* help,
              Result<Done> (*run)(Desk&, const Arguments&),
              const std::shared_ptr<Arguments>& arguments) {
  return add_command(program, context, name, help,
                     [arguments, run](Desk& desk) { return run(desk, *arguments); });
}

}  // namespace

void add_graph_commands(CLI::App& program, CommandContext& context) {
  const auto arguments = std::make_shared<Arguments>();
  auto& tree = add(program, context, "deps", "Show the tree of dependencies", deps, arguments);
  tree.add_flag("--sizes", arguments->sizes, "With the sizes of archives");
  tree.add_flag("--graph", arguments->graph, "In the language of Graphviz (DOT)");
  auto& reason = add(program, context, "why", "Show what a package is needed for", why, arguments);
  reason.add_option("package", arguments->package, "@scope/name")->required();
  add(program, context, "licenses", "List the licences of all that is installed", licenses,
      arguments);
}

}  // namespace kontor::cli::ori
