// Syntax of --set, .env files and configuration files.
#include "apps/server/config/sources.h"

#include "apps/server/config/units.h"

#include <algorithm>

namespace kontor::config {
namespace {

bool is_name(std::string_view text) {
  auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::ranges::all_of(text, is_part);
}

// Takes the first line off the text.
std::string_view take_line(std::string_view& text) {
  auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trimmed(line);
}

bool is_only_comment(std::string_view rest) {
  rest = trimmed(rest);
  return rest.empty() || rest.starts_with('#');
}

// A value in quotes; nothing where they are not closed, or more than a comment follows.
std::optional<std::string> unquote(std::string_view text) {
  char quote = text[0];
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    char c = text[i];
    if (c == quote) return is_only_comment(text.substr(i + 1)) ? std::optional(out) : std::nullopt;
    if (quote == '"' && c == '\\' && i + 1 < text.size()) {
      c = text[++i];
      if (c != '"' && c != '\\' && c != '$' && c != 'n' && c != 't') out += '\\';
      c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
    }
    out += c;
  }
  return std::nullopt;
}

std::optional<std::string> env_value(std::string_view text) {
  if (text.starts_with('"') || text.starts_with('\'')) return unquote(text);
  if (text.starts_with('#')) return "";
  auto comment = std::min({text.find(" #"), text.find("\t#"), text.size()});
  return std::string(trimmed(text.substr(0, comment)));
}

}  // namespace

std::expected<Setting, std::string> parse_setting(std::string_view text) {
  auto equals = text.find('=');
  if (equals == text.npos || equals == 0)
    return std::unexpected("--set wants key=value, such as --set auth.anonymousRead=false");
  return Setting{.path = std::string(text.substr(0, equals)),
                 .value = std::string(text.substr(equals + 1))};
}

std::expected<EnvFile, Problems> parse_env_file(const SourceText& file) {
  EnvFile out;
  Problems problems;
  std::string_view text = file.text;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    auto line = take_line(text);
    if (is_only_comment(line)) continue;
    if (line.starts_with("export ")) line = trimmed(line.substr(7));
    auto equals = std::min(line.find('='), line.size());
    auto name = trimmed(line.substr(0, equals));
    auto where = file.name + ":" + std::to_string(number) + ": ";
    if (equals == line.size() || !is_name(name)) {
      problems.push_back(where + "expected NAME=value");
      continue;
    }
    auto value = env_value(trimmed(line.substr(equals + 1)));
    if (value)
      out.insert_or_assign(std::string(name), EnvLine{std::move(*value), number});
    else
      problems.push_back(where + "the quoted value of " + std::string(name) +
                         " must end with its quote on the same line");
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return out;
}

std::expected<Json5Value, std::string> parse_config_file(const SourceText& file) {
  std::string_view text = file.text;
  Json5Limits limits;
  if (file.name.ends_with(".jsonl")) {
    std::string_view rest = text;
    text = {};
    for (std::uint32_t number = 1; !rest.empty(); ++number) {
      auto line = take_line(rest);
      if (line.empty()) continue;
      text = line;
      limits.first_line = number;
    }
  }
  auto value = parse_json5(text, limits);
  if (!value) return std::unexpected(file.name + ":" + value.error().text());
  if (value->kind != Json5Kind::object)
    return std::unexpected(file.name + ":" + std::to_string(value->position.line) + ":" +
                           std::to_string(value->position.column) +
                           ": the configuration must be an object, not " +
                           std::string(kind_name(value->kind)));
  return std::move(*value);
}

}  // namespace kontor::config
