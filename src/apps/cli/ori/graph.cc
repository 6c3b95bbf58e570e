// Breadth first, so that what is nearer to the project is asked for first.
#include "apps/cli/ori/graph.h"

#include "apps/cli/ori/registry.h"
#include "formats/ori/names.h"

#include <algorithm>
#include <deque>
#include <set>

namespace kontor::cli::ori {
namespace {

using kontor::ori::Dependency;
using kontor::ori::Manifest;

constexpr std::size_t kMaxPackages = 10'000;

// Who asks for which version of a package.
struct Demand {
  std::string by;
  std::string version;
};
using Demands = std::map<std::string, std::vector<Demand>>;

struct Wanted {
  std::string name;
  std::string version;
};

void sort_once(std::vector<std::string>& names) {
  std::ranges::sort(names);
  const auto rest = std::ranges::unique(names);
  names.erase(rest.begin(), rest.end());
}

Result<std::vector<Wanted>> wanted_by(const Manifest& manifest) {
  std::vector<Wanted> out;
  for (const auto& dependency : manifest.dependencies) {
    if (dependency.source == Dependency::Source::bundled) continue;
    if (dependency.source != Dependency::Source::registry)
      return fail(Code::bad_request,
                  "The dependency " + dependency.name +
                      " comes from git, a path or the workspace; the language's own tool builds "
                      "those, and ori installs what registries have.");
    out.push_back({dependency.name, dependency.version});
  }
  return out;
}

Result<std::vector<Wanted>> wanted_by(const std::string& package, const Json& metadata) {
  std::vector<Wanted> out;
  for (const auto& dependency : list_of(metadata, "dependencies")) {
    if (text_of(dependency, "kind") != "normal") continue;
    Wanted wanted{text_of(dependency, "name"), text_of(dependency, "version")};
    if (!kontor::ori::parse_full_name(wanted.name) ||
        !kontor::ori::parse_strict_version(wanted.version))
      return fail(Code::bad_request,
                  "The registry says that " + package +
                      " depends on something that is no package: " + wanted.name.substr(0, 80));
    out.push_back(std::move(wanted));
  }
  return out;
}

std::unexpected<Error> version_conflict(const std::string& name,
                                        const std::vector<Demand>& demands) {
  std::string text = "[E0901] version conflict for " + name + "\n";
  for (const auto& demand : demands)
    text += "  | " + demand.by + " requires " + name + " = \"" + demand.version + "\"\n";
  return fail(Code::conflict, text +
                                  "  = help: find versions of your dependencies that agree, or "
                                  "wait for their authors to update");
}

std::unexpected<Error> circle(const std::vector<std::string>& names) {
  std::string text = "[E0902] circular dependency detected\n";
  for (std::size_t i = 0; i + 1 < names.size(); ++i)
    text += "  | " + names[i] + " depends on " + names[i + 1] + "\n";
  return fail(Code::conflict, text + "  = help: one of these packages must do without the next");
}

class Resolver {
 public:
  Resolver(const Manifest& manifest, MetadataSource& source) : source_(source) {
    graph_.root = manifest.name.full();
    demands_[graph_.root].push_back({"this project", to_string(manifest.version)});
  }

  Result<Graph> run(const Manifest& manifest) {
    auto wanted = wanted_by(manifest);
    if (!wanted) return fail(wanted);
    demand(graph_.root, "this project", *wanted, graph_.dependencies);
    while (!queue_.empty()) {
      const Wanted next = std::move(queue_.front());
      queue_.pop_front();
      if (auto done = add(next); !done) return fail(done);
    }
    if (auto whole = find_circle(); !whole) return fail(whole);
    if (auto single = find_conflict(); !single) return fail(single);
    return std::move(graph_);
  }

 private:
  void demand(const std::string& name, const std::string& by, const std::vector<Wanted>& wanted,
              std::vector<std::string>& names) {
    for (const auto& one : wanted) {
      auto& demands = demands_[one.name];
      if (demands.empty()) queue_.push_back(one);
      demands.push_back({by, one.version});
      names.push_back(one.name);
    }
    sort_once(names);
    edges_[name] = names;
  }

  Result<void> add(const Wanted& wanted) {
    if (graph_.packages.size() >= kMaxPackages)
      return fail(Code::too_large, "More than 10000 packages are needed.");
    auto metadata = source_.metadata(wanted.name, wanted.version);
    if (!metadata) return fail(metadata);
    const std::string text = wanted.name + "@" + wanted.version;
    const auto next = wanted_by(text, *metadata);
    if (!next) return std::unexpected(next.error());
    auto& package = graph_.packages[wanted.name];
    package = {wanted.version, *std::move(metadata), {}};
    demand(wanted.name, text, *next, package.dependencies);
    return {};
  }

  // Two demands of a package are one where they ask for the same version.
  Result<void> find_conflict() const {
    for (const auto& [name, demands] : demands_) {
      if (name == graph_.root) continue;
      const auto other = [&](const Demand& d) { return d.version != demands.front().version; };
      if (std::ranges::any_of(demands, other)) return version_conflict(name, demands);
    }
    return {};
  }

  Result<void> find_circle() {
    std::vector<std::string> way;
    return visit(graph_.root, way);
  }

  // Depth first; the way is from the project to `name`. Names that lead to no circle are done.
  Result<void> visit(const std::string& name, std::vector<std::string>& way) {
    if (done_.contains(name)) return {};
    if (const auto known = std::ranges::find(way, name); known != way.end()) {
      std::vector<std::string> names(known, way.end());
      names.push_back(name);
      return circle(names);
    }
    way.push_back(name);
    for (const auto& next : edges_[name])
      if (auto whole = visit(next, way); !whole) return whole;
    way.pop_back();
    done_.insert(name);
    return {};
  }

  MetadataSource& source_;
  Graph graph_;
  Demands demands_;
  std::deque<Wanted> queue_;
  std::map<std::string, std::vector<std::string>> edges_;
  std::set<std::string> done_;
};

}  // namespace

Result<Graph> resolve(const Manifest& manifest, MetadataSource& source) {
  return Resolver(manifest, source).run(manifest);
}

std::vector<std::vector<std::string>> ways_to(const Graph& graph, const std::string& name,
                                              std::size_t most) {
  std::vector<std::vector<std::string>> found;
  std::deque<std::vector<std::string>> open;
  for (const auto& first : graph.dependencies) open.push_back({first});
  // Ways multiply: no more are followed than could be shown.
  for (std::size_t steps = 0; !open.empty() && found.size() < most && steps < 100'000; ++steps) {
    const auto way = std::move(open.front());
    open.pop_front();
    if (way.back() == name) {
      found.push_back(way);
      continue;
    }
    const auto package = graph.packages.find(way.back());
    if (package == graph.packages.end()) continue;
    for (const auto& next : package->second.dependencies) {
      open.push_back(way);
      open.back().push_back(next);
    }
  }
  return found;
}

}  // namespace kontor::cli::ori
