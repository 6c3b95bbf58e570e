// Field by field out of the tree that parse_toml() yields.
#include "formats/ori/manifest.h"

#include "formats/ori/names.h"
#include "formats/ori/toml.h"

#include <algorithm>
#include <array>

namespace kontor::ori {
namespace {

constexpr std::size_t kMaxText = 2048;  // bytes of one field
constexpr std::size_t kMaxList = 64;
constexpr std::size_t kMaxDependencies = 1024;

constexpr std::array<std::string_view, 10> kTables = {
    "project",    "dependencies", "dev-dependencies", "target",  "features",
    "registries", "workspace",    "scripts",          "publish", "tool"};
constexpr std::array<std::string_view, 12> kFields = {
    "name",     "version",    "description", "license", "authors", "repository",
    "keywords", "categories", "funding",     "edition", "ori",     "entry"};

std::unexpected<Error> wrong(const std::string& field, std::string_view rule) {
  return fail(Code::bad_request, field + " " + std::string(rule));
}

const Json* member(const Json& object, std::string_view key) {
  const auto it = object.find(key);
  return it == object.end() ? nullptr : &*it;
}

Result<void> read_text(const Json& project, std::string_view key, std::string& out) {
  const Json* value = member(project, key);
  if (!value) return {};
  const std::string field = "project." + std::string(key);
  if (!value->is_string()) return wrong(field, "must be a text");
  out = value->get<std::string>();
  if (out.size() > kMaxText) return wrong(field, "is longer than 2048 bytes");
  return {};
}

Result<std::vector<std::string>> texts_of(const Json& value, const std::string& field) {
  std::vector<std::string> out;
  if (!value.is_array() || value.size() > kMaxList)
    return wrong(field, "must be a list of at most 64 texts");
  for (const auto& item : value) {
    if (!item.is_string()) return wrong(field, "must be a list of texts");
    out.push_back(item.get<std::string>());
    if (out.back().size() > kMaxText) return wrong(field, "holds a text of more than 2048 bytes");
  }
  return out;
}

Result<void> read_texts(const Json& project, std::string_view key, std::vector<std::string>& out) {
  const Json* value = member(project, key);
  if (!value) return {};
  auto texts = texts_of(*value, "project." + std::string(key));
  if (!texts) return fail(texts);
  out = std::move(*texts);
  return {};
}

class Reader {
 public:
  explicit Reader(const Json& tree) : tree_(tree) {}

  Result<Manifest> run() {
    const Json* project = member(tree_, "project");
    if (!project || !project->is_object()) return wrong("[project]", "is missing");
    if (auto done = read_project(*project); !done) return fail(done);
    if (auto done = read_entry(*project); !done) return fail(done);
    if (auto done = read_features(); !done) return fail(done);
    if (auto done = read_tables(tree_, {}); !done) return fail(done);
    if (auto done = read_targets(); !done) return fail(done);
    const Json* scripts = member(tree_, "scripts");
    out_.has_scripts = scripts && !(scripts->is_object() && scripts->empty());
    warn_of_unknown(*project);
    return std::move(out_);
  }

 private:
  Result<void> read_project(const Json& project) {
    std::string name, version;
    for (const auto& [key, field] : {std::pair<const char*, std::string*>{"name", &name},
                                     {"version", &version},
                                     {"description", &out_.description},
                                     {"license", &out_.license},
                                     {"repository", &out_.repository},
                                     {"funding", &out_.funding},
                                     {"edition", &out_.edition},
                                     {"ori", &out_.ori}})
      if (auto done = read_text(project, key, *field); !done) return done;
    for (const auto& [key, field] : {std::pair{"authors", &out_.authors},
                                     {"keywords", &out_.keywords},
                                     {"categories", &out_.categories}})
      if (auto done = read_texts(project, key, *field); !done) return done;
    return read_identity(name, version);
  }

  Result<void> read_identity(const std::string& name, const std::string& version) {
    auto parsed = parse_full_name(name);
    if (!parsed) return wrong("project.name", "is wrong: " + std::string(parsed.error().message()));
    out_.name = std::move(*parsed);
    auto number = parse_strict_version(version);
    if (!number)
      return wrong("project.version", "is wrong: " + std::string(number.error().message()));
    out_.version = std::move(*number);
    if (!parse_strict_version(out_.ori))
      return wrong("project.ori", "must be the language's version, such as \"0.4.0\"");
    return {};
  }

  Result<void> read_entry(const Json& project) {
    const Json* entry = member(project, "entry");
    if (!entry) return {};
    if (!entry->is_object()) return wrong("project.entry", "must be a table");
    for (const auto& [key, value] : entry->items()) {
      if (key != "lib" && key != "main") {
        out_.warnings.push_back("project.entry." + key + " is not known and was ignored.");
        continue;
      }
      if (!value.is_string() || value.get_ref<const std::string&>().size() > kMaxText)
        return wrong("project.entry." + key, "must be the path of a file");
      out_.entry[key] = value;
    }
    return {};
  }

  Result<void> read_features() {
    const Json* features = member(tree_, "features");
    if (!features) return {};
    if (!features->is_object() || features->size() > kMaxList)
      return wrong("[features]", "must be a table of at most 64 lists");
    for (const auto& [name, list] : features->items()) {
      auto texts = texts_of(list, "features." + name);
      if (!texts) return fail(texts);
      out_.features[name] = std::move(*texts);
    }
    return {};
  }

  Result<void> read_targets() {
    const Json* targets = member(tree_, "target");
    if (!targets) return {};
    if (!targets->is_object()) return wrong("[target]", "must be a table");
    for (const auto& [target, tables] : targets->items()) {
      if (target.size() > kMaxText || !tables.is_object())
        return wrong("[target]", "must hold tables by their condition");
      if (auto done = read_tables(tables, target); !done) return done;
    }
    return {};
  }

  Result<void> read_tables(const Json& tables, const std::string& target) {
    for (const auto& [key, development] :
         {std::pair{"dependencies", false}, {"dev-dependencies", true}}) {
      const Json* table = member(tables, key);
      if (!table) continue;
      if (!table->is_object()) return wrong(std::string("[") + key + "]", "must be a table");
      for (const auto& [name, value] : table->items())
        if (auto done = read_dependency(name, value, development, target); !done) return done;
    }
    return {};
  }

  // "std.json" is spelt as a key of its own or as a key in the table `std`.
  Result<void> read_dependency(const std::string& name, const Json& value, bool development,
                               const std::string& target) {
    if (out_.dependencies.size() >= kMaxDependencies)
      return wrong("[dependencies]", "has more than 1024 entries");
    if (name == "std" && value.is_object()) {
      for (const auto& [part, inner] : value.items())
        if (auto done = read_dependency("std." + part, inner, development, target); !done)
          return done;
      return {};
    }
    Dependency out;
    out.name = name;
    out.development = development;
    out.target = target;
    if (auto done = fill(out, value); !done) return done;
    if (auto done = check(out); !done) return done;
    out_.dependencies.push_back(std::move(out));
    return {};
  }

  Result<void> fill(Dependency& out, const Json& value) {
    if (value.is_boolean()) return {};
    if (value.is_string()) {
      out.version = value.get<std::string>();
      return {};
    }
    if (!value.is_object())
      return wrong("The dependency " + out.name, "must be a version or a table");
    for (const auto& [key, inner] : value.items())
      if (auto done = fill_field(out, key, inner); !done) return done;
    return {};
  }

  Result<void> fill_field(Dependency& out, const std::string& key, const Json& value) {
    const std::string field = "The dependency " + out.name + ": " + key;
    if (key == "version" && value.is_string()) {
      out.version = value.get<std::string>();
    } else if (key == "features") {
      auto texts = texts_of(value, field);
      if (!texts) return fail(texts);
      out.features = std::move(*texts);
    } else if (key == "default-features" && value.is_boolean()) {
      out.default_features = value.get<bool>();
    } else if (key == "git" || key == "rev" || key == "path") {
      out.source = key == "path" ? Dependency::Source::path : Dependency::Source::git;
    } else if (key == "workspace") {
      out.source = Dependency::Source::workspace;
    } else if (key == "version" || key == "default-features") {
      return wrong(field, "has the wrong type");
    } else {
      out_.warnings.push_back(field + " is not known and was ignored.");
    }
    return {};
  }

  Result<void> check(Dependency& out) {
    const bool bundled = out.name.starts_with("std.");
    if (bundled) {
      if (out.source == Dependency::Source::registry) out.source = Dependency::Source::bundled;
    } else if (auto name = parse_full_name(out.name); !name) {
      return wrong("The dependency " + out.name.substr(0, 80),
                   "is wrong: " + std::string(name.error().message()));
    }
    const bool pinned = out.source == Dependency::Source::registry;
    if (out.version.empty() && !pinned) return {};
    if (!parse_strict_version(out.version))
      return wrong("The dependency " + out.name.substr(0, 80),
                   "needs one exact version, such as \"2.0.1\"; ranges are not allowed");
    return {};
  }

  void warn_of_unknown(const Json& project) {
    for (const auto& [key, value] : tree_.items())
      if (std::ranges::find(kTables, key) == kTables.end())
        out_.warnings.push_back("[" + key.substr(0, 80) + "] is not known and was ignored.");
    for (const auto& [key, value] : project.items())
      if (std::ranges::find(kFields, key) == kFields.end())
        out_.warnings.push_back("project." + key.substr(0, 80) + " is not known and was ignored.");
    if (out_.warnings.size() > kMaxList) out_.warnings.resize(kMaxList);
  }

  const Json& tree_;
  Manifest out_;
};

std::string_view kind_of(const Dependency& dependency) {
  if (dependency.source == Dependency::Source::bundled) return "bundled";
  return dependency.development ? "development" : "normal";
}

Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

}  // namespace

Result<Manifest> read_manifest(ByteView toml) {
  auto tree = parse_toml(toml);
  if (!tree) return fail(tree);
  return Reader(*tree).run();
}

Result<void> check_publishable(const Manifest& manifest) {
  if (manifest.description.empty())
    return wrong("project.description", "is missing; say in a sentence what the package is for");
  if (manifest.has_scripts) return wrong("[scripts]", "must be left out of a published manifest");
  for (const auto& dependency : manifest.dependencies) {
    const bool published = dependency.source == Dependency::Source::registry ||
                           dependency.source == Dependency::Source::bundled;
    if (!published)
      return wrong("The dependency " + dependency.name,
                   "comes from git, a path or the workspace; published packages depend on "
                   "published ones alone");
  }
  return {};
}

Json to_json(const Manifest& manifest) {
  Json dependencies = Json::array();
  for (const auto& d : manifest.dependencies)
    dependencies.push_back({{"name", d.name},
                            {"version", or_null(d.version)},
                            {"kind", kind_of(d)},
                            {"target", or_null(d.target)},
                            {"features", d.features},
                            {"defaultFeatures", d.default_features}});
  return {{"name", manifest.name.full()},
          {"version", to_string(manifest.version)},
          {"description", manifest.description},
          {"license", or_null(manifest.license)},
          {"authors", manifest.authors},
          {"repository", or_null(manifest.repository)},
          {"keywords", manifest.keywords},
          {"categories", manifest.categories},
          {"funding", or_null(manifest.funding)},
          {"edition", or_null(manifest.edition)},
          {"ori", manifest.ori},
          {"entry", manifest.entry},
          {"dependencies", std::move(dependencies)},
          {"features", manifest.features}};
}

}  // namespace kontor::ori
