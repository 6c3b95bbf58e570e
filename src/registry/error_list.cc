// Written by us alone, and read as if by strangers: a file may be damaged.
#include "registry/error_list.h"

namespace kontor {
namespace {

std::string text_of(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

std::optional<ErrorGroup> group_of(const Json& object) {
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

Json to_json(const ErrorGroup& group) {
  return {{"id", group.id},
          {"code", group.code},
          {"cause", group.cause},
          {"count", group.count},
          {"first", rfc3339(group.first)},
          {"last", rfc3339(group.last)},
          {"requests", group.requests}};
}

Json to_json(const std::vector<ErrorGroup>& groups) {
  Json list = Json::array();
  for (const auto& group : groups) list.push_back(to_json(group));
  return list;
}

std::vector<ErrorGroup> error_groups_of(const Json& list) {
  std::vector<ErrorGroup> out;
  if (!list.is_array()) return out;
  for (const auto& object : list)
    if (auto group = group_of(object)) out.push_back(std::move(*group));
  return out;
}

}  // namespace kontor
