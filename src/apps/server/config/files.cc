// Finding and reading the sources of configuration.
#include "apps/server/config/files.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <unistd.h>

namespace kontor::config {
namespace {

constexpr const char* kSearchOrder[] = {"registry.config.json5", "registry.config.json",
                                        "config/registry.config.json5",
                                        "config/registry.config.json"};

std::string inside(const std::string& directory, const std::string& path) {
  return directory.empty() || path.starts_with('/') ? path : directory + "/" + path;
}

// Whether something stands at the path, readable or not.
bool is_there(const std::string& path) {
  std::error_code error;
  return std::filesystem::status(path, error).type() != std::filesystem::file_type::not_found;
}

std::optional<std::string> variable(const ConfigInputs& inputs, std::string_view name) {
  auto set = inputs.environment.find(name);
  if (set != inputs.environment.end() && !set->second.empty()) return set->second;
  if (!inputs.env_file) return std::nullopt;
  auto lines = parse_env_file(*inputs.env_file);
  if (!lines) return std::nullopt;  // load() tells what is wrong with it
  auto line = lines->find(name);
  if (line == lines->end() || line->second.value.empty()) return std::nullopt;
  return line->second.value;
}

// The configuration file to read, if any.
std::optional<std::string> choose_file(const ConfigRequest& request, const ConfigInputs& inputs) {
  if (request.config_file) return inside(request.directory, *request.config_file);
  if (auto path = variable(inputs, "REGISTRY_CONFIG_PATH")) return inside(request.directory, *path);
  for (const auto* name : kSearchOrder)
    if (auto path = inside(request.directory, name); is_there(path)) return path;
  return std::nullopt;
}

bool everybody_reads(const std::string& path) {
  std::error_code error;
  auto status = std::filesystem::status(path, error);
  auto readers = status.permissions() & std::filesystem::perms::others_read;
  return !error && std::filesystem::is_regular_file(status) &&
         readers != std::filesystem::perms::none;
}

void warn_of_open_secrets(LoadedConfig& loaded) {
  for (const auto& key : keys()) {
    const auto& origin = loaded.origins[index_of(key)];
    bool in_file = origin.kind == SourceKind::file || origin.kind == SourceKind::env_file;
    if (key.visibility != Visibility::secret || !in_file || !everybody_reads(origin.name)) continue;
    loaded.warnings.push_back(origin.text() + ": " + std::string(key.path) +
                              " stands in a file that every user of this machine can read; "
                              "take that away with chmod o-r");
  }
}

}  // namespace

std::expected<std::string, std::string> read_text_file(const std::string& path) {
  constexpr std::size_t kMost = 1 << 20;
  auto fail = [&path](const char* reason) { return std::unexpected(path + ": " + reason); };
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                       &std::fclose);
  if (!file) return fail(std::strerror(errno));
  std::string text(kMost + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get())) return fail(std::strerror(errno));
  if (text.size() > kMost) return fail("larger than 1 MiB");
  return text;
}

std::expected<ConfigInputs, Problems> read_inputs(const ConfigRequest& request,
                                                  Variables environment) {
  ConfigInputs inputs{.environment = std::move(environment),
                      .settings = request.settings,
                      .insecure = request.insecure};
  Problems problems;
  auto read = [&problems](const std::string& path, std::optional<SourceText>& out) {
    auto text = read_text_file(path);
    if (text)
      out = SourceText{path, std::move(*text)};
    else
      problems.push_back(std::move(text.error()));
  };
  auto env_path = inside(request.directory, request.env_file.value_or(".env.registry"));
  if (request.env_file || is_there(env_path)) read(env_path, inputs.env_file);
  if (auto path = choose_file(request, inputs)) read(*path, inputs.file);
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return inputs;
}

std::expected<LoadedConfig, Problems> load_files(const ConfigRequest& request,
                                                 Variables environment) {
  auto inputs = read_inputs(request, std::move(environment));
  if (!inputs) return std::unexpected(std::move(inputs.error()));
  auto loaded = load(*inputs);
  if (loaded) warn_of_open_secrets(*loaded);
  return loaded;
}

Variables process_environment() {
  Variables out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    std::string_view text = *entry;
    auto equals = text.find('=');
    if (equals != text.npos) out.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

}  // namespace kontor::config
