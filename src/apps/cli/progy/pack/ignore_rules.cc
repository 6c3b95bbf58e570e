// git matches the part before the first wildcard as text and the rest as a pattern of its own,
// which shows where ** stands behind letters; so do we.
#include "apps/cli/progy/pack/ignore_rules.h"

#include <ranges>

namespace kontor::cli::progy {
namespace {

// Spaces at the end do not count unless a backslash keeps them.
std::string_view without_trailing_spaces(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\')
      end = std::min(line.size(), ++at + 1);
    else if (line[at] != ' ')
      end = at + 1;
  }
  return line.substr(0, end);
}

}  // namespace

IgnoreFile::IgnoreFile(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (auto rule = parse(line)) rules_.push_back(*std::move(rule));
  }
}

std::optional<IgnoreFile::Rule> IgnoreFile::parse(std::string_view line) {
  if (line.starts_with('#')) return std::nullopt;
  line = without_trailing_spaces(line);
  const bool negated = line.starts_with('!');
  if (negated) line.remove_prefix(1);
  const bool folders_only = line.ends_with('/');
  if (folders_only) line.remove_suffix(1);
  if (line.empty()) return std::nullopt;
  const bool name_only = line.find('/') == line.npos;
  if (!name_only && line.starts_with('/')) line.remove_prefix(1);
  const auto literal = literal_length(line);
  Rule rule{!negated, folders_only, name_only, std::string(line.substr(0, literal)), std::nullopt};
  // A name is matched whole, a path behind its literal start.
  if (literal < line.size())
    rule.rest.emplace(name_only ? line : line.substr(literal),
                      name_only ? Glob::Slashes::ordinary : Glob::Slashes::significant);
  if (name_only && rule.rest) rule.start.clear();
  return rule;
}

bool IgnoreFile::matches(const Rule& rule, std::string_view path) {
  auto text = rule.name_only ? path.substr(path.rfind('/') + 1) : path;
  if (!text.starts_with(rule.start)) return false;
  text.remove_prefix(rule.start.size());
  return rule.rest ? rule.rest->matches(text) : text.empty();
}

std::optional<bool> IgnoreFile::ignores(std::string_view path, bool is_folder) const {
  for (const auto& rule : rules_ | std::views::reverse)
    if ((is_folder || !rule.folders_only) && matches(rule, path)) return rule.ignore;
  return std::nullopt;
}

void IgnoreRules::enter(std::string folder, IgnoreFile file) {
  levels_.push_back({std::move(folder), std::move(file)});
}

void IgnoreRules::leave() {
  levels_.pop_back();
}

bool IgnoreRules::ignores(std::string_view path, bool is_folder) const {
  for (const auto& level : levels_ | std::views::reverse) {
    if (!path.starts_with(level.folder)) continue;
    if (const auto said = level.file.ignores(path.substr(level.folder.size()), is_folder))
      return *said;
  }
  return false;
}

}  // namespace kontor::cli::progy
