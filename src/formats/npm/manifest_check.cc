// Field by field; each compares meanings, so that a client's tidying is no contradiction.
#include "formats/npm/manifest_check.h"

#include <algorithm>
#include <array>
#include <map>

#include "domain/semver.h"
#include "formats/npm/bin.h"
#include "formats/npm/dependency_check.h"
#include "formats/npm/fragment.h"
#include "formats/npm/manifest.h"

namespace kontor::npm {
namespace {

constexpr std::size_t kShown = 80;  // bytes of a value in a message

// These run in the author's tree before packing; no installer runs them.
constexpr std::array<std::string_view, 7> kPackingScripts = {
    "prepare", "prepublish", "prepublishOnly", "prepack", "postpack", "publish", "postpublish"};

std::string shortened(const std::string& value) {
  if (value.empty()) return "nothing";
  return value.size() <= kShown ? value : cut_text(value, kShown) + "...";
}

std::unexpected<Error> mismatch(const Difference& d) {
  return fail(Code::manifest_mismatch,
              "package.json in the tarball has " + shortened(d.packed) + " for " +
                  shortened(d.field) + ", the published manifest has " + shortened(d.published) +
                  "; pack again and publish that tarball unchanged.");
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() <= ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() <= ' ') text.remove_suffix(1);
  return text;
}

std::optional<Difference> compare_name(const Json& packed, const std::string& name) {
  const auto packed_name = string_member(packed, "name");
  if (trimmed(packed_name) == name) return std::nullopt;
  return Difference{"name", packed_name, name};
}

std::optional<Difference> compare_version(const Json& packed, const std::string& version) {
  const auto text = string_member(packed, "version");
  if (clean(text, Grammar::loose) == version) return std::nullopt;
  return Difference{"version", text, version};
}

// Scripts that are text, without the path npm cuts off.
std::map<std::string, std::string> scripts_of(const Json& manifest) {
  std::map<std::string, std::string> out;
  const auto scripts = manifest.find("scripts");
  if (scripts == manifest.end() || !scripts->is_object()) return out;
  for (const auto& [name, value] : scripts->items()) {
    if (!value.is_string()) continue;
    std::string_view text = value.get_ref<const std::string&>();
    std::string_view rest = text;
    if (rest.starts_with("./") || rest.starts_with(".\\")) rest.remove_prefix(2);
    for (const std::string_view prefix : {"node_modules/.bin/", "node_modules\\.bin\\"})
      if (rest.starts_with(prefix)) text = rest.substr(prefix.size());
    out[name] = std::string(trimmed(text));
  }
  return out;
}

using Scripts = std::map<std::string, std::string>;

bool may_be_added(const std::string& name, const std::string& text, const Scripts& packed) {
  if (name == "start") return text == "node server.js";
  return name == "install" && text == "node-gyp rebuild" && !packed.contains("install");
}

bool runs_before_packing(const std::string& name) {
  return std::ranges::find(kPackingScripts, name) != kPackingScripts.end();
}

std::optional<Difference> compare_scripts(const Json& packed_manifest, const Json& published) {
  const auto packed = scripts_of(packed_manifest);
  const auto envelope = scripts_of(published);
  for (const auto& [name, text] : packed) {
    const auto it = envelope.find(name);
    if (it != envelope.end() ? it->second == text : runs_before_packing(name) || text.empty())
      continue;
    return Difference{"scripts." + name, json_string(text),
                      it == envelope.end() ? std::string() : json_string(it->second)};
  }
  for (const auto& [name, text] : envelope) {
    if (packed.contains(name) || text.empty() || runs_before_packing(name)) continue;
    if (!may_be_added(name, text, packed)) return Difference{"scripts." + name, {}, json_string(text)};
  }
  return std::nullopt;
}

std::map<std::string, std::string> commands_of(const Json& bin) {
  std::map<std::string, std::string> out;
  if (bin.is_object())
    for (const auto& [name, path] : bin.items())
      if (path.is_string()) out[name] = path.get<std::string>();
  return out;
}

// Each command is the file of its own name inside the directory.
bool is_expansion_of(const std::string& directory, const Json& bin) {
  if (directory.empty()) return false;
  const auto commands = commands_of(bin);
  return std::ranges::all_of(commands, [&](const auto& command) {
    return command.second.starts_with(directory + "/") &&
           last_name(command.second) == command.first;
  });
}

std::string bin_directory(const Json& manifest) {
  const auto directories = manifest.find("directories");
  if (directories == manifest.end()) return {};
  return clean_path(string_member(*directories, "bin"));
}

Result<std::optional<Difference>> compare_bin(const Json& packed, const Json& published,
                                              const std::string& name) {
  const auto bin_of = [&](const Json& manifest) -> Result<Json> {
    const auto it = manifest.find("bin");
    return it == manifest.end() ? Result<Json>(Json()) : normalise_bin(name, *it);
  };
  const auto a = bin_of(packed), b = bin_of(published);
  if (!a) return fail(a.error().code, a.error().detail);
  if (!b) return fail(b.error().code, b.error().detail);
  if (commands_of(*a) == commands_of(*b)) return std::nullopt;
  if (a->is_null() && is_expansion_of(bin_directory(packed), *b)) return std::nullopt;
  return Difference{"bin", a->is_null() ? std::string() : to_text(*a),
                    b->is_null() ? std::string() : to_text(*b)};
}

}  // namespace

Result<void> check_manifest(const Json& packed, const Json& published, const std::string& name,
                            const std::string& version) {
  if (!packed.is_object() || !published.is_object())
    return fail(Code::invalid_archive, "package.json in the tarball is not a JSON object.");
  if (auto found = compare_name(packed, name)) return mismatch(*found);
  if (auto found = compare_version(packed, version)) return mismatch(*found);
  if (auto found = find_dependency_difference(packed, published)) return mismatch(*found);
  if (auto found = compare_scripts(packed, published)) return mismatch(*found);
  auto bin = compare_bin(packed, published, name);
  if (!bin) return fail(bin);
  if (*bin) return mismatch(**bin);
  return {};
}

bool has_install_script(const Json& packed, bool has_binding_gyp) {
  const auto scripts = scripts_of(packed);
  const bool own = std::ranges::any_of(scripts, [](const auto& script) {
    return !script.second.empty() && (script.first == "install" || script.first == "preinstall" ||
                                      script.first == "postinstall");
  });
  const auto gypfile = packed.find("gypfile");
  const bool refuses = gypfile != packed.end() && gypfile->is_boolean() && !gypfile->get<bool>();
  return own || (has_binding_gyp && !refuses);
}

}  // namespace kontor::npm
