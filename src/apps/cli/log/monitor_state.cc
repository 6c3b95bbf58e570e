// {"version":1,"examined":{"size","root"},"fault":"","pending":[{"rule","index","package","text"}]}
#include "apps/cli/log/monitor_state.h"

#include "apps/cli/answers.h"
#include "apps/cli/log/pin.h"

namespace kontor::cli {
namespace {

constexpr std::size_t kMostBytes = 64u << 20;

std::optional<std::uint64_t> number_of(const Json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end() || !it->is_number_unsigned()) return std::nullopt;
  return it->get<std::uint64_t>();
}

std::optional<MonitorState> state_of(const Json& json) {
  if (!json.is_object() || number_of(json, "version") != 1) return std::nullopt;
  MonitorState state;
  state.fault = text_of(json, "fault");
  if (const auto examined = json.find("examined"); examined != json.end()) {
    const auto size = examined->is_object() ? number_of(*examined, "size") : std::nullopt;
    const auto bytes = from_base64(size ? text_of(*examined, "root") : "");
    const auto root = bytes ? tlog::Hash::from_bytes(*bytes) : std::nullopt;
    if (!size || !root) return std::nullopt;
    state.examined = tlog::Head{*size, *root};
  }
  const auto pending = json.find("pending");
  if (pending == json.end() || !pending->is_array()) return std::nullopt;
  for (const Json& alarm : *pending) {
    const auto index = alarm.is_object() ? number_of(alarm, "index") : std::nullopt;
    if (!index) return std::nullopt;
    state.pending.push_back(
        {text_of(alarm, "rule"), *index, text_of(alarm, "package"), text_of(alarm, "text")});
  }
  return state;
}

}  // namespace

Result<MonitorState> MonitorState::read(const std::string& path) {
  const auto text = read_file(path, kMostBytes);
  if (!text && text.error().code == Code::not_found) return MonitorState();
  if (!text) return std::unexpected(text.error());
  const auto json = parse_json(*text, {.max_bytes = kMostBytes, .max_values = 4'000'000});
  auto state = json ? state_of(*json) : std::nullopt;
  if (!state)
    return fail(Code::storage_failed,
                path + " is damaged; remove it, and the monitor examines the log anew.");
  return *std::move(state);
}

Result<void> MonitorState::write(const std::string& path) const {
  Json json = {{"version", 1}};
  if (examined) json["examined"] = {{"size", examined->size}, {"root", examined->root.base64()}};
  json["fault"] = fault;
  json["pending"] = Json::array();
  for (const auto& alarm : pending)
    json["pending"].push_back({{"rule", alarm.rule},
                               {"index", alarm.index},
                               {"package", alarm.package},
                               {"text", alarm.text}});
  const auto slash = path.rfind('/');
  const auto folder = slash == path.npos ? "." : path.substr(0, slash);
  return replace_file(folder, slash == path.npos ? path : path.substr(slash + 1),
                      json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace kontor::cli
