// The map of courses that lie in git repositories still, as Progy's worker has it in its variable
// COURSES: name -> {repo, branch, path, description}.
#include "apps/server/config/checks.h"
#include "base/json.h"

#include <algorithm>

namespace kontor::config {
namespace {

constexpr std::size_t kMostText = 1000;
constexpr const char* kShape =
    "must be a JSON object such as {\"rust\": {\"repo\": \"https://git.example/courses.git\", "
    "\"branch\": \"main\", \"path\": \"rust\", \"description\": \"Rust\"}}";

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 63 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// A text of the entry, or what stands for it; nothing where it is none.
std::optional<std::string> text_in(const Json& entry, const char* key, const char* otherwise) {
  const auto it = entry.find(key);
  if (it == entry.end()) return otherwise;
  if (!it->is_string() || it->get_ref<const std::string&>().size() > kMostText) return std::nullopt;
  return it->get<std::string>();
}

// What clients would hand to git: no option, and no helper program.
bool is_for_git(std::string_view text) {
  return !text.starts_with('-') && text.find("::") == text.npos &&
         std::ranges::none_of(text, [](char c) { return c <= ' '; });
}

}  // namespace

std::optional<std::string> check_course_map(std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto map = parse_json(text);
  if (!map || !map->is_object()) return kShape;
  Json normal = Json::object();
  for (const auto& [name, entry] : map->items()) {
    if (!is_name(name)) return "has \"" + name + "\", which is no name of a-z, 0-9 and hyphens";
    if (!entry.is_object()) return kShape;
    const auto repo = text_in(entry, "repo", "");
    const auto branch = text_in(entry, "branch", "main");
    const auto path = text_in(entry, "path", ".");
    const auto description = text_in(entry, "description", "");
    const bool sound = repo && branch && path && description && !repo->empty() &&
                       !branch->empty() && is_for_git(*repo) && is_for_git(*branch);
    if (!sound) return "has an entry \"" + name + "\" without a usable repo; it " + kShape;
    normal[name] = {
        {"repo", *repo}, {"branch", *branch}, {"path", *path}, {"description", *description}};
  }
  text = normal.dump();
  return std::nullopt;
}

}  // namespace kontor::config
