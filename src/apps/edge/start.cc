// What the variables of a deployment mean, and its first administrator.
#include "apps/edge/start.h"

#include "registry/accounts.h"

#include <nlohmann/json.hpp>

namespace kontor::edge {
namespace {

void take_lines(std::string_view lines, std::vector<config::Setting>& settings,
                config::Problems& problems) {
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    if (line.empty()) continue;
    auto setting = config::parse_setting(line);
    if (setting)
      settings.push_back(std::move(*setting));
    else
      problems.push_back(std::move(setting.error()));
  }
}

}  // namespace

std::expected<config::LoadedConfig, config::Problems> load_settings(ByteView text) {
  MessageReader message(text);
  config::ConfigInputs inputs;
  config::Problems problems;
  for (auto count = message.number(); count > 0; --count) {
    auto name = message.text();
    auto value = message.text();
    if (name == "KONTOR_CONFIG")
      inputs.file = {"registry.config.json5", std::move(value)};
    else if (name == "KONTOR_SETTINGS")
      take_lines(value, inputs.settings, problems);
    else
      inputs.environment.emplace(std::move(name), std::move(value));
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return config::load(inputs);
}

Task<> bring_up_accounts(Registry& registry, const Config& config) {
  const auto first =
      co_await ensure_first_admin(registry, config.admin.name, config.admin.password);
  if (!first.generated_password.empty()) {
    const nlohmann::ordered_json line = {{"level", "warn"},
                                         {"event", "first_admin"},
                                         {"user", config.admin.name},
                                         {"password", first.generated_password}};
    write_log(line.dump());
  }
  co_return {};
}

}  // namespace kontor::edge
