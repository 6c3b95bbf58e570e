// One JSON array.
#include "apps/server/error_file.h"

#include "adapters/filesystem/files.h"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace kontor {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

std::optional<ErrorGroup> read_group(const Json& object) {
  if (!object.is_object()) return std::nullopt;
  ErrorGroup out;
  out.id = text_of(object, "id");
  out.code = text_of(object, "code");
  out.cause = text_of(object, "cause");
  const auto count = object.find("count"), requests = object.find("requests");
  if (out.id.empty() || count == object.end() || !count->is_number_unsigned()) return std::nullopt;
  out.count = count->get<std::uint64_t>();
  out.first = parse_rfc3339(text_of(object, "first")).value_or(Timestamp{});
  out.last = parse_rfc3339(text_of(object, "last")).value_or(Timestamp{});
  if (requests != object.end() && requests->is_array())
    for (const auto& id : *requests)
      if (id.is_string() && out.requests.size() < ErrorGroups::kRequests)
        out.requests.push_back(id.get<std::string>());
  return out;
}

}  // namespace

std::vector<ErrorGroup> read_error_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  const auto list = Json::parse(text.str(), nullptr, false);
  std::vector<ErrorGroup> out;
  if (list.is_array())
    for (const auto& object : list)
      if (auto group = read_group(object)) out.push_back(std::move(*group));
  return out;
}

Result<void> write_error_file(const std::string& path, const std::vector<ErrorGroup>& groups) {
  Json list = Json::array();
  for (const auto& group : groups)
    list.push_back({{"id", group.id},
                    {"code", group.code},
                    {"cause", group.cause},
                    {"count", group.count},
                    {"first", rfc3339(group.first)},
                    {"last", rfc3339(group.last)},
                    {"requests", group.requests}});
  const auto fresh = path + ".new";
  fs::remove_quietly(fresh);
  auto file = fs::create_exclusive(fresh);
  if (!file) return fail(file);
  const auto text = list.dump(1, ' ', false, Json::error_handler_t::replace);
  if (auto done = fs::write_all(*file, text); !done) return done;
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return fs::fail_errno(errno, "rename " + path);
  return {};
}

}  // namespace kontor
