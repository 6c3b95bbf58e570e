// oripk.lock: a table of checksums in TOML, and nothing else.
//
//     [checksums]
//     "@scope/name:1.0.0" = "sha256:<hex>"
#include "base/encoding.h"

#include "lockfile/readers.h"

#include <algorithm>
#include <set>

namespace kontor::lockfile {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// The text between quotes, without escapes, of which names and checksums have none.
std::optional<std::string_view> unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  if (text.find_first_of("\"\\") != text.npos) return std::nullopt;
  return text;
}

std::optional<Locked> read_line(std::string_view line) {
  const auto equals = line.find('=');
  if (equals == line.npos) return std::nullopt;
  const auto key = unquote(trim(line.substr(0, equals)));
  const auto value = unquote(trim(line.substr(equals + 1)));
  if (!key || !value || !value->starts_with("sha256:")) return std::nullopt;
  const auto digest = from_hex(value->substr(7));
  const auto colon = key->rfind(':');
  if (!digest || digest->size() != 32 || colon == key->npos || colon == 0 ||
      colon + 1 == key->size())
    return std::nullopt;
  return Locked{std::string(*key), std::string(key->substr(0, colon)),
                std::string(key->substr(colon + 1)), "sha256-" + to_base64(*digest), ""};
}

}  // namespace

Result<Lockfile> read_ori(ByteView text) {
  Lockfile lockfile;
  std::set<std::string> keys;
  bool in_table = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    if (line == "[checksums]" && !in_table) {
      in_table = true;
      continue;
    }
    auto locked = in_table ? read_line(line) : std::nullopt;
    if (!locked || !keys.insert(locked->place).second)
      return bad("Line " + std::to_string(number) +
                 " of oripk.lock is no checksum of one package below [checksums].");
    lockfile.archives.push_back(*std::move(locked));
  }
  return lockfile;
}

}  // namespace kontor::lockfile
