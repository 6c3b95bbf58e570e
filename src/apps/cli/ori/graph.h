#pragma once
// What a project installs: packages at the exact versions that manifests name, each package once.
#include "apps/cli/ori/desk.h"
#include "formats/ori/manifest.h"

#include <map>
#include <string>
#include <vector>

namespace kontor::cli::ori {

struct Package {
  std::string version;
  Json metadata;                          // as the registry tells it
  std::vector<std::string> dependencies;  // names, sorted; those it installs itself
};

struct Graph {
  std::string root;                       // the project's own name
  std::vector<std::string> dependencies;  // of the project, sorted, for development too
  std::map<std::string, Package> packages;
};

class MetadataSource {
 public:
  virtual ~MetadataSource() = default;
  virtual Result<Json> metadata(const std::string& name, const std::string& version) = 0;
};

// Asks for the metadata of every package that is reached. `conflict` with the text of E0901 where
// two versions of one package are asked for, with that of E0902 where packages need each other in a
// circle; bad_request for metadata that is none. The language's own packages (std.*) are no part.
Result<Graph> resolve(const kontor::ori::Manifest& manifest, MetadataSource& source);

// Each way from the project to the package: names from the project's dependency on, the package
// last. At most `most` of them, shortest first. Empty where it is not installed.
std::vector<std::vector<std::string>> ways_to(const Graph& graph, const std::string& name,
                                              std::size_t most);

}  // namespace kontor::cli::ori
