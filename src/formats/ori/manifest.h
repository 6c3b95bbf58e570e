#pragma once
// oripk.toml as a value: what it must hold, what it may, and what a publisher is warned of. Row
// ORI-02.
#include "base/bytes.h"
#include "base/json.h"
#include "domain/package_name.h"
#include "domain/semver.h"

#include <string>
#include <vector>

namespace kontor::ori {

struct Dependency {
  enum class Source : std::uint8_t { registry, bundled, git, path, workspace };

  std::string name;     // "@scope/name", or "std.x" for what comes with the language
  std::string version;  // exact; empty for bundled ones that are not overridden
  Source source = Source::registry;
  bool development = false;
  std::string target;  // "cfg(...)"; empty: all
  std::vector<std::string> features;
  bool default_features = true;
};

struct Manifest {
  PackageName name;
  Version version;
  std::string ori;  // the language's version it is made for
  std::string description, license, repository, funding, edition;
  std::vector<std::string> authors, keywords, categories;
  Json entry = Json::object();     // lib, main
  Json features = Json::object();  // lists of texts by name
  std::vector<Dependency> dependencies;
  bool has_scripts = false;
  std::vector<std::string> warnings;  // sentences, for the publisher
};

// bad_request with a sentence that names the field, or what parse_toml() fails with. Unknown fields
// are warned of.
Result<Manifest> read_manifest(ByteView toml);

// What a published manifest must hold besides: a description, no scripts, and dependencies of the
// registry alone.
Result<void> check_publishable(const Manifest& manifest);

// The stored form: every field under its name on the wire.
Json to_json(const Manifest& manifest);

}  // namespace kontor::ori
