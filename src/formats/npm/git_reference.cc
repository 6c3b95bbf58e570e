// One pass from the outside in: fragment, shortcut or protocol, user, ".git".
#include "formats/npm/git_reference.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"

namespace kontor::npm {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kShortcuts = {{
    {"github:", "github.com"},
    {"gitlab:", "gitlab.com"},
    {"bitbucket:", "bitbucket.org"},
    {"gist:", "gist.github.com"},
}};

constexpr std::array<std::string_view, 9> kProtocols = {
    "git+ssh://", "git+https://", "git+http://", "git+file://", "git+rsync://",
    "git+git://", "git://",       "ssh://",      "git+ftp://"};

bool is_path_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

// "owner/repo" and nothing else.
bool is_owner_and_repo(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == text.npos || slash == 0 || slash + 1 == text.size()) return false;
  if (text[0] == '.') return false;  // a path
  return std::ranges::all_of(text.substr(0, slash), is_path_character) &&
         std::ranges::all_of(text.substr(slash + 1), is_path_character);
}

std::string_view without_suffix(std::string_view text, std::string_view suffix) {
  if (text.ends_with(suffix)) text.remove_suffix(suffix.size());
  return text;
}

std::string join(std::string_view host, std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  return to_lower_ascii(host) + "/" + std::string(without_suffix(path, ".git"));
}

// "user@host:owner/repo" or "user@host/owner/repo".
std::optional<std::string> host_and_path(std::string_view text) {
  if (const auto at = text.find('@'); at != text.npos && at < text.find('/'))
    text.remove_prefix(at + 1);
  const auto end = text.find_first_of(":/");
  if (end == text.npos || end == 0) return std::nullopt;
  return join(text.substr(0, end), text.substr(end + 1));
}

std::optional<std::string> repository(std::string_view text) {
  for (const auto& [shortcut, host] : kShortcuts)
    if (text.starts_with(shortcut)) return join(host, text.substr(shortcut.size()));
  for (const auto protocol : kProtocols)
    if (text.starts_with(protocol)) return host_and_path(text.substr(protocol.size()));
  const bool known_host = text.find("://github.com/") != text.npos ||
                          text.find("://gitlab.com/") != text.npos ||
                          text.find("://bitbucket.org/") != text.npos;
  if (known_host && text.starts_with("http") && text.ends_with(".git"))
    return host_and_path(text.substr(text.find("://") + 3));
  if (text.starts_with("git@")) return host_and_path(text);
  if (is_owner_and_repo(text)) return join("github.com", text);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> git_identity(std::string_view value) {
  const auto hash = std::min(value.find('#'), value.size());
  auto found = repository(value.substr(0, hash));
  if (found) found->append(value.substr(hash));
  return found;
}

}  // namespace kontor::npm
