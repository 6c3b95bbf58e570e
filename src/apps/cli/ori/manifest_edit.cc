// Line by line, by the names of tables and keys; a document that is laid out in a way this does not
// see through is found out when it is read back.
#include "apps/cli/ori/manifest_edit.h"

#include "formats/ori/manifest.h"

#include <algorithm>
#include <functional>

namespace kontor::cli::ori {
namespace {

using kontor::ori::Manifest;

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string without_quotes(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '"' && c != '\'' && c != ' ' && c != '\t') out += c;
  return out;
}

struct Line {
  std::string text;   // without its end
  std::string table;  // that it lies in, or opens; without quotes
  std::string key;    // without quotes; empty where it has none
  bool header = false;
};

std::string key_of(std::string_view text) {
  if (text.starts_with('#')) return {};
  return without_quotes(trim(text.substr(0, text.find_first_of("=#"))));
}

// The name of the table that a line opens, or nothing.
std::string header_of(std::string_view text) {
  const auto end = text.find(']');
  if (!text.starts_with('[') || end == text.npos) return {};
  return without_quotes(text.substr(1, end - 1));
}

class Document {
 public:
  explicit Document(std::string_view text) {
    std::string table;
    while (!text.empty()) {
      const auto end = std::min(text.find('\n'), text.size());
      Line line{std::string(text.substr(0, end)), {}, {}, false};
      text.remove_prefix(std::min(end + 1, text.size()));
      if (auto header = header_of(trim(line.text)); !header.empty()) {
        table = std::move(header);
        line.header = true;
      } else {
        line.key = key_of(trim(line.text));
      }
      line.table = table;
      lines_.push_back(std::move(line));
    }
  }

  std::string text() const {
    std::string out;
    for (const auto& line : lines_) out += line.text + "\n";
    return out;
  }

  void erase(const std::function<bool(const Line&)>& which) { std::erase_if(lines_, which); }

  // Behind the last line of the table that is not blank; the table is made where there is none.
  void append(const std::string& table, const std::string& text) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (lines_[i].table == table && !trim(lines_[i].text).empty()) at = i + 1;
    if (at == 0) {
      if (!lines_.empty() && !trim(lines_.back().text).empty()) lines_.push_back({});
      lines_.push_back({"[" + table + "]", table, {}, true});
      at = lines_.size();
    }
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(at), Line{text, table, {}, false});
  }

  // Puts `now` in the place of the first text in quotes that is `before`, in each line of these.
  void replace(const std::function<bool(const Line&)>& which, const std::string& before,
               const std::string& now) {
    for (auto& line : lines_) {
      if (!which(line)) continue;
      for (const char quote : {'"', '\''}) {
        const std::string old = quote + before + quote;
        const auto at = line.text.find(old, line.text.find('='));
        if (at == line.text.npos) continue;
        line.text.replace(at, old.size(), quote + now + quote);
        break;
      }
    }
  }

 private:
  std::vector<Line> lines_;
};

bool lists_dependencies(std::string_view table) {
  return table == "dependencies" || table == "dev-dependencies" ||
         (table.starts_with("target.") &&
          (table.ends_with(".dependencies") || table.ends_with(".dev-dependencies")));
}

// Whether the line says something of the dependency, in its own table or as one key.
bool is_about(const Line& line, const std::string& name) {
  if (lists_dependencies(line.table) && line.key == name) return true;
  const std::string end = "." + name;
  return line.table.ends_with(end) &&
         lists_dependencies(line.table.substr(0, line.table.size() - end.size()));
}

// Everything that a manifest says, dependencies in an order of their own.
Json facts_of(const Manifest& manifest) {
  Json facts = to_json(manifest);
  auto& dependencies = facts["dependencies"];
  std::vector<std::string> sorted;
  for (std::size_t i = 0; i < dependencies.size(); ++i)
    sorted.push_back(dependencies[i].dump() +
                     std::to_string(static_cast<int>(manifest.dependencies[i].source)) +
                     (manifest.dependencies[i].development ? "d" : "n"));
  std::ranges::sort(sorted);
  dependencies = sorted;
  facts["scripts"] = manifest.has_scripts;
  return facts;
}

Result<std::string> checked(const std::string& before, std::string after,
                            const std::function<void(Manifest&)>& change) {
  auto expected = kontor::ori::read_manifest(before);
  if (!expected) return fail(expected);
  change(*expected);
  const auto found = kontor::ori::read_manifest(after);
  if (found && facts_of(*found) == facts_of(*expected)) return after;
  return fail(
      Code::bad_request,
      "oripk.toml is laid out in a way that this command cannot change; change it by hand.");
}

std::string line_for(const NewDependency& dependency) {
  const std::string pinned = "\"" + dependency.version + "\"";
  if (dependency.features.empty()) return dependency.name + " = " + pinned;
  std::string list;
  for (const auto& feature : dependency.features)
    list += (list.empty() ? "\"" : ", \"") + feature + "\"";
  return dependency.name + " = { version = " + pinned + ", features = [" + list + "] }";
}

}  // namespace

Result<std::string> add_dependency(const std::string& text, const NewDependency& dependency) {
  Document document(text);
  document.append(dependency.development ? "dev-dependencies" : "dependencies",
                  line_for(dependency));
  return checked(text, document.text(), [&](Manifest& manifest) {
    kontor::ori::Dependency added;
    added.name = dependency.name;
    added.version = dependency.version;
    added.development = dependency.development;
    added.features = dependency.features;
    manifest.dependencies.push_back(std::move(added));
  });
}

Result<std::string> change_dependency(const std::string& text, const std::string& name,
                                      const std::string& version) {
  const auto manifest = kontor::ori::read_manifest(text);
  if (!manifest) return std::unexpected(manifest.error());
  Document document(text);
  for (const auto& dependency : manifest->dependencies)
    if (dependency.name == name)
      document.replace([&](const Line& line) { return is_about(line, name); }, dependency.version,
                       version);
  return checked(text, document.text(), [&](Manifest& changed) {
    for (auto& dependency : changed.dependencies)
      if (dependency.name == name) dependency.version = version;
  });
}

Result<std::string> remove_dependency(const std::string& text, const std::string& name) {
  Document document(text);
  document.erase([&](const Line& line) { return is_about(line, name); });
  return checked(text, document.text(), [&](Manifest& manifest) {
    std::erase_if(manifest.dependencies, [&](const auto& d) { return d.name == name; });
  });
}

Result<std::string> change_version(const std::string& text, const std::string& version) {
  const auto manifest = kontor::ori::read_manifest(text);
  if (!manifest) return std::unexpected(manifest.error());
  Document document(text);
  document.replace(
      [](const Line& line) { return line.table == "project" && line.key == "version"; },
      to_string(manifest->version), version);
  auto number = parse_exact_version(version);
  if (!number) return fail(number);
  return checked(text, document.text(), [&](Manifest& changed) { changed.version = *number; });
}

Result<std::string> without_scripts(const std::string& text) {
  const auto manifest = kontor::ori::read_manifest(text);
  if (!manifest) return std::unexpected(manifest.error());
  if (!manifest->has_scripts) return text;
  Document document(text);
  document.erase([](const Line& line) {
    return line.table == "scripts" || line.table.starts_with("scripts.");
  });
  return checked(text, document.text(), [](Manifest& changed) { changed.has_scripts = false; });
}

}  // namespace kontor::cli::ori
