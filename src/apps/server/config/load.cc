// The merge, one source after the other in rising precedence.
#include "apps/server/config/load.h"

#include "apps/server/config/render.h"
#include "apps/server/config/suggest.h"
#include "apps/server/config/value.h"

#include <algorithm>

namespace kontor::config {
namespace {

// Every path of the table and every section on the way to one.
std::vector<std::string_view> known_paths() {
  std::vector<std::string_view> out;
  for (const auto& key : keys()) {
    out.push_back(key.path);
    for (auto dot = key.path.find('.'); dot != key.path.npos; dot = key.path.find('.', dot + 1))
      if (auto section = key.path.substr(0, dot); std::ranges::find(out, section) == out.end())
        out.push_back(section);
  }
  return out;
}

bool is_section(std::string_view path) {
  auto begins = std::string(path) + ".";
  auto inside = [&begins](std::string_view other) { return other.starts_with(begins); };
  return std::ranges::any_of(keys(), inside, &Key::path) ||
         std::ranges::any_of(keys(), inside, &Key::file_alias) ||
         std::ranges::any_of(unused_keys(), inside, &UnusedKey::path);
}

const UnusedKey* find_unused(std::string_view path) {
  for (const auto& unused : unused_keys())
    if (unused.path == path) return &unused;
  return nullptr;
}

std::string at(const std::string& name, Json5Position position) {
  return name + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

class Loader {
 public:
  explicit Loader(const ConfigInputs& inputs) : inputs_(inputs) {
    loaded_.origins.resize(keys().size());
  }

  std::expected<LoadedConfig, Problems> run() {
    read_env_file();
    apply_file();
    for (const auto& key : keys()) apply_variables(key);
    warn_of_unknown_variables();
    for (const auto& setting : inputs_.settings) apply_setting(setting);
    if (problems_.empty()) problems_ = check_together(loaded_, inputs_.insecure);
    if (!problems_.empty()) return std::unexpected(std::move(problems_));
    return std::move(loaded_);
  }

 private:
  void note(const Key& key, Origin origin, Problem problem);
  void warn(std::string text) { loaded_.warnings.push_back(std::move(text)); }
  void read_env_file();
  void apply_file();
  void apply_object(const std::string& path, const Json5Value& object);
  void apply_member(const std::string& path, const Json5Member& member);
  void apply_variables(const Key& key);
  bool apply_variable(const Key& key, const std::string& name, Origin origin,
                      const std::string& value);
  void warn_of_unknown_variables();
  void apply_setting(const Setting& setting);
  std::optional<std::string> variable(std::string_view name) const;

  const ConfigInputs& inputs_;
  EnvFile env_file_;
  LoadedConfig loaded_;
  Problems problems_;
};

void Loader::note(const Key& key, Origin origin, Problem problem) {
  if (problem)
    problems_.push_back(origin.text() + ": " + std::string(key.path) + " " + *problem);
  else
    loaded_.origins[index_of(key)] = std::move(origin);
}

void Loader::read_env_file() {
  if (!inputs_.env_file) return;
  auto parsed = parse_env_file(*inputs_.env_file);
  if (parsed)
    env_file_ = std::move(*parsed);
  else
    problems_ = std::move(parsed.error());
}

std::optional<std::string> Loader::variable(std::string_view name) const {
  auto set = inputs_.environment.find(name);
  if (set != inputs_.environment.end() && !set->second.empty()) return set->second;
  auto line = env_file_.find(name);
  if (line != env_file_.end() && !line->second.value.empty()) return line->second.value;
  return std::nullopt;
}

void Loader::apply_file() {
  if (!inputs_.file) return;
  auto tree = parse_config_file(*inputs_.file);
  if (tree)
    apply_object("", *tree);
  else
    problems_.push_back(std::move(tree.error()));
}

void Loader::apply_object(const std::string& path, const Json5Value& object) {
  for (const auto& member : object.members) {
    if (object.find(member.name) != &member.value)
      warn(at(inputs_.file->name, member.position) + ": " + in_quotes(member.name) +
           " is given again further down, where it wins");
    apply_member(path.empty() ? member.name : path + "." + member.name, member);
  }
}

void Loader::apply_member(const std::string& path, const Json5Member& member) {
  const auto& file = inputs_.file->name;
  if (const auto* key = find_key(path)) {
    auto problem = set_from_json(loaded_.config, *key, member.value,
                                 [this](std::string_view name) { return variable(name); });
    note(*key, {.kind = SourceKind::file, .name = file, .position = member.value.position},
         std::move(problem));
  } else if (const auto* unused = find_unused(path)) {
    warn(at(file, member.position) + ": " + path +
         " has no effect here: " + std::string(unused->reason));
  } else if (!is_section(path)) {
    warn(at(file, member.position) + ": unknown key " + in_quotes(path) +
         did_you_mean(path, known_paths()));
  } else if (member.value.kind == Json5Kind::object) {
    apply_object(path, member.value);
  } else {
    problems_.push_back(at(file, member.value.position) + ": " + path + " must be an object, not " +
                        std::string(kind_name(member.value.kind)));
  }
}

// The derived name goes before the others, and the environment before .env.registry.
void Loader::apply_variables(const Key& key) {
  std::vector<std::string> names = {environment_name(key.path)};
  for (auto name : key.environment)
    if (!name.empty()) names.emplace_back(name);
  for (const auto& name : names) {
    auto set = inputs_.environment.find(name);
    if (set == inputs_.environment.end()) continue;
    if (apply_variable(key, name, {.kind = SourceKind::environment}, set->second)) return;
  }
  for (const auto& name : names) {
    auto line = env_file_.find(name);
    if (line == env_file_.end()) continue;
    Origin origin{.kind = SourceKind::env_file, .name = inputs_.env_file->name};
    origin.position.line = line->second.line;
    if (apply_variable(key, name, std::move(origin), line->second.value)) return;
  }
}

// False where the variable counts as not set.
bool Loader::apply_variable(const Key& key, const std::string& name, Origin origin,
                            const std::string& value) {
  if (value.empty()) return false;
  origin.variable = name;
  // Container platforms set NAME_PORT=tcp://... for a service called NAME.
  if (value.starts_with("tcp://") && name.ends_with("_PORT")) {
    warn(origin.text() + " is an address that a container platform sets; it is ignored");
    return false;
  }
  auto problem = set_from_text(loaded_.config, key, value);
  note(key, std::move(origin), std::move(problem));
  return true;
}

void Loader::warn_of_unknown_variables() {
  std::vector<std::string> names;
  for (const auto& key : keys()) {
    names.push_back(environment_name(key.path));
    for (auto name : key.environment)
      if (!name.empty()) names.emplace_back(name);
  }
  std::vector<std::string_view> views(names.begin(), names.end());
  auto is_unknown = [&names](const std::string& name) {
    return name.starts_with("KONTOR_") && std::ranges::find(names, name) == names.end();
  };
  for (const auto& [name, line] : env_file_)
    if (is_unknown(name))
      warn(inputs_.env_file->name + ":" + std::to_string(line.line) + ": unknown variable " + name +
           did_you_mean(name, views));
  // The environment is shared with other programs: only what looks like a slip is worth a word.
  for (const auto& [name, value] : inputs_.environment)
    if (is_unknown(name) && !nearest(name, views).empty())
      warn("unknown variable " + name + " in the environment" + did_you_mean(name, views));
}

void Loader::apply_setting(const Setting& setting) {
  const auto* key = find_key(setting.path);
  if (key == nullptr) {
    problems_.push_back(setting.flag + ": unknown key " + in_quotes(setting.path) +
                        did_you_mean(setting.path, known_paths()));
    return;
  }
  auto problem = set_from_text(loaded_.config, *key, setting.value);
  note(*key, {.kind = SourceKind::flag, .name = setting.flag}, std::move(problem));
}

}  // namespace

std::string Origin::text() const {
  switch (kind) {
    case SourceKind::file:
      return at(name, position);
    case SourceKind::env_file:
      return variable + " in " + name + ":" + std::to_string(position.line);
    case SourceKind::environment:
      return variable + " in the environment";
    case SourceKind::flag:
      return name;
    case SourceKind::preset:
      break;
  }
  return "default";
}

std::expected<LoadedConfig, Problems> load(const ConfigInputs& inputs) {
  return Loader(inputs).run();
}

}  // namespace kontor::config
