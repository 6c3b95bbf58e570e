// Effective configuration and example files.
#include "apps/server/config/print.h"

#include "apps/server/config/render.h"

#include <algorithm>
#include <functional>

namespace kontor::config {
namespace {

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> out;
  for (std::size_t start = 0; start <= path.size();) {
    auto end = std::min(path.find('.', start), path.size());
    out.push_back(path.substr(start, end - start));
    start = end + 1;
  }
  return out;
}

// Calls `line(key, indent, name)` for each key and writes the objects around.
std::string nested(const std::function<std::string(const Key&, const std::string& indent,
                                                   std::string_view name)>& line) {
  std::string out = "{\n";
  std::vector<std::string_view> open;
  auto indent = [&open] { return std::string(2 * open.size() + 2, ' '); };
  auto close_to = [&](std::size_t depth) {
    while (open.size() > depth) {
      if (out.ends_with("\n\n")) out.pop_back();
      open.pop_back();
      out += indent() + "},\n";
    }
  };
  for (const auto& key : keys()) {
    auto parts = parts_of(key.path);
    auto name = parts.back();
    parts.pop_back();
    auto common = std::ranges::mismatch(open, parts).in1 - open.begin();
    close_to(static_cast<std::size_t>(common));
    while (open.size() < parts.size()) {
      out += indent() + std::string(parts[open.size()]) + ": {\n";
      open.push_back(parts[open.size()]);
    }
    out += line(key, indent(), name);
  }
  close_to(0);
  return out + "}\n";
}

// The text as comment lines of at most 100 columns.
std::string comment(std::string_view text, const std::string& begin) {
  std::string out;
  std::string line;
  auto flush = [&] {
    out += begin + line + "\n";
    line.clear();
  };
  while (!text.empty()) {
    auto end = std::min(text.find(' '), text.size());
    if (!line.empty() && begin.size() + line.size() + 1 + end > 100) flush();
    line.append(line.empty() ? "" : " ").append(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  flush();
  return out;
}

// Values for variables carry no quotes or brackets where they can do without.
std::string bare(std::string text) {
  std::erase_if(text, [](char c) { return c == '"' || c == '[' || c == ']'; });
  return text;
}

}  // namespace

std::string effective_text(const LoadedConfig& loaded, Origins origins) {
  return nested([&](const Key& key, const std::string& indent, std::string_view name) {
    auto line = indent + std::string(name) + ": " + render(loaded.config, key) + ",";
    if (origins == Origins::shown) line += "  // " + loaded.origins[index_of(key)].text();
    return line + "\n";
  });
}

std::string example_file() {
  const Config defaults;
  std::string head =
      "// Configuration of a Kontor registry. Every key may be left out; the values in comments "
      "are\n"
      "// the defaults. docs/configuration.md explains the sources and their order.\n";
  return head + nested([&](const Key& key, const std::string& indent, std::string_view name) {
           return comment(key.doc, indent + "// ") + indent + "//" + std::string(name) + ": " +
                  render(defaults, key) + ",\n\n";
         });
}

std::string example_env_file() {
  const Config defaults;
  std::string out =
      "# Variables of a Kontor registry: copy to .env.registry and uncomment what shall differ.\n"
      "# Variables of the environment win over this file, and this file over the configuration\n"
      "# file. An empty value counts as not set.\n";
  for (const auto& key : keys())
    out += "\n" + comment(key.doc, "# ") + "#" + environment_name(key.path) + "=" +
           bare(render(defaults, key)) + "\n";
  return out;
}

}  // namespace kontor::config
