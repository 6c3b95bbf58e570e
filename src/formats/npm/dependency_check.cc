// Dependencies are compared by name, over all kinds that install the same package.
#include "formats/npm/dependency_check.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

#include "formats/npm/fragment.h"
#include "formats/npm/git_reference.h"

namespace kontor::npm {
namespace {

enum Kind { dependency, optional, development };
constexpr std::array<std::string_view, 3> kKinds = {"dependencies", "optionalDependencies",
                                                    "devDependencies"};

struct Wish {
  Kind kind;
  std::string value;
};
using Wishes = std::map<std::string, std::vector<Wish>>;  // by name

const Json kNothing;

const Json& member(const Json& object, std::string_view name) {
  const auto it = object.find(name);
  return it == object.end() ? kNothing : *it;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == text.npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kSpace) - first + 1));
}

// As comparable text: trimmed, git references in one spelling, empty is any version.
std::string comparable(const std::string& value) {
  std::string text = trimmed(value);
  if (text.empty()) return "*";
  if (auto git = git_identity(text)) return std::move(*git);
  return text;
}

// "a@1.0.0" or "a >=1", an element of the list that npm accepts in place of an object.
void add_listed(std::string_view element, Kind kind, Wishes& out) {
  const std::string text = trimmed(element);
  if (text.empty()) return;
  const auto end = std::min(text.find_first_of("@ \t><=", 1), text.size());
  std::string_view value = std::string_view(text).substr(end);
  if (value.starts_with('@')) value.remove_prefix(1);
  out[text.substr(0, end)].push_back({kind, comparable(std::string(value))});
}

void add_wishes(const Json& manifest, Kind kind, Wishes& out) {
  const Json& wanted = member(manifest, kKinds[kind]);
  if (wanted.is_array())
    for (const auto& element : wanted)
      if (element.is_string()) add_listed(element.get_ref<const std::string&>(), kind, out);
  if (!wanted.is_object()) return;
  for (const auto& [name, value] : wanted.items())
    if (value.is_string()) out[name].push_back({kind, comparable(value.get<std::string>())});
}

Wishes all_wishes(const Json& manifest) {
  Wishes out;
  for (const Kind kind : {dependency, optional, development}) add_wishes(manifest, kind, out);
  return out;
}

bool has_kind(const std::vector<Wish>& wishes, Kind kind) {
  return std::ranges::any_of(wishes, [&](const Wish& w) { return w.kind == kind; });
}

// Each published wish stands in the tarball, and nothing that is installed was left out.
bool same_wishes(const std::vector<Wish>& packed, const std::vector<Wish>& published) {
  for (const auto& wish : published) {
    const bool known_kind = has_kind(packed, wish.kind) ||
                            (wish.kind == dependency && has_kind(packed, optional));
    const bool known_value = std::ranges::any_of(
        packed, [&](const Wish& w) { return w.value == wish.value; });
    if (!known_kind || !known_value) return false;
  }
  const bool installs = has_kind(packed, dependency) || has_kind(packed, optional);
  const bool still_installs = has_kind(published, dependency) || has_kind(published, optional);
  return !packed.empty() && !published.empty() && installs == still_installs;
}

std::string text_of(const std::vector<Wish>& wishes) {
  return wishes.empty() ? std::string() : json_string(wishes.front().value);
}

std::optional<Difference> compare_wishes(const Wishes& packed, const Wishes& published) {
  static const std::vector<Wish> kNone;
  std::set<std::string_view> names;
  for (const auto& [name, wishes] : packed) names.insert(name);
  for (const auto& [name, wishes] : published) names.insert(name);
  for (const auto name : names) {
    const auto a = packed.find(std::string(name));
    const auto b = published.find(std::string(name));
    const auto& in_tarball = a == packed.end() ? kNone : a->second;
    const auto& in_envelope = b == published.end() ? kNone : b->second;
    if (same_wishes(in_tarball, in_envelope)) continue;
    const Kind kind = in_tarball.empty() ? in_envelope.front().kind : in_tarball.front().kind;
    return Difference{std::string(kKinds[kind]) + "." + std::string(name), text_of(in_tarball),
                      text_of(in_envelope)};
  }
  return std::nullopt;
}

// Peer dependencies by name; of the meta objects their text.
std::map<std::string, std::string> plain_members(const Json& manifest, std::string_view field) {
  std::map<std::string, std::string> out;
  const Json& object = member(manifest, field);
  if (!object.is_object()) return out;
  for (const auto& [name, value] : object.items())
    out[name] = value.is_string() ? json_string(comparable(value.get<std::string>())) : to_text(value);
  return out;
}

std::optional<Difference> compare_plain(const Json& packed, const Json& published,
                                        std::string_view field) {
  const auto a = plain_members(packed, field);
  const auto b = plain_members(published, field);
  const auto value = [](const auto& map, const std::string& name) {
    const auto it = map.find(name);
    return it == map.end() ? std::string() : it->second;
  };
  std::set<std::string> names;
  for (const auto& [name, text] : a) names.insert(name);
  for (const auto& [name, text] : b) names.insert(name);
  for (const auto& name : names)
    if (value(a, name) != value(b, name))
      return Difference{std::string(field) + "." + name, value(a, name), value(b, name)};
  return std::nullopt;
}

std::set<std::string> bundled(const Json& manifest) {
  const Json* list = &member(manifest, "bundleDependencies");
  if (list->is_null()) list = &member(manifest, "bundledDependencies");
  if (list->is_boolean() && list->get<bool>()) list = &member(manifest, "dependencies");
  std::set<std::string> names;
  if (list->is_object())
    for (const auto& [name, value] : list->items()) names.insert(name);
  if (list->is_array())
    for (const auto& name : *list)
      if (name.is_string()) names.insert(name.get<std::string>());
  return names;
}

}  // namespace

std::optional<Difference> find_dependency_difference(const Json& packed, const Json& published) {
  if (auto found = compare_wishes(all_wishes(packed), all_wishes(published))) return found;
  for (const std::string_view field : {"peerDependencies", "peerDependenciesMeta"})
    if (auto found = compare_plain(packed, published, field)) return found;
  const auto a = bundled(packed), b = bundled(published);
  if (a != b) return Difference{"bundleDependencies", to_text(Json(a)), to_text(Json(b))};
  return std::nullopt;
}

}  // namespace kontor::npm
