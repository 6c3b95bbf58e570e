// A small reading of an ini file, as far as npm's own is understood alike.
#include "apps/cli/npmrc.h"

#include <algorithm>

namespace kontor::cli {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string_view unquote(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == text.back() &&
                      (text.front() == '"' || text.front() == '\'');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

std::string expand(std::string_view text, const config::Variables& environment) {
  std::string out;
  for (;;) {
    const auto open = text.find("${");
    const auto close = open == text.npos ? text.npos : text.find('}', open);
    if (close == text.npos) return out.append(text);
    const auto name = text.substr(open + 2, close - open - 2);
    const auto it = environment.find(name);
    out += text.substr(0, open);
    out += it == environment.end() ? text.substr(open, close - open + 1) : it->second;
    text.remove_prefix(close + 1);
  }
}

}  // namespace

Npmrc Npmrc::parse(std::string_view text, const config::Variables& environment) {
  Npmrc out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto equals = line.find('=');
    if (line.starts_with('#') || line.starts_with(';') || equals == line.npos) continue;
    const auto key = expand(trim(line.substr(0, equals)), environment);
    out.values_[key] = expand(unquote(trim(line.substr(equals + 1))), environment);
  }
  return out;
}

void Npmrc::add_defaults(const Npmrc& other) {
  values_.insert(other.values_.begin(), other.values_.end());
}

std::optional<std::string> Npmrc::value(std::string_view key) const {
  const auto it = values_.find(key);
  if (it == values_.end() || it->second.empty()) return std::nullopt;
  return it->second;
}

std::optional<std::string> Npmrc::token_for(std::string_view url) const {
  const auto authority = url.find("//");
  if (authority == url.npos) return std::nullopt;
  std::string place(url.substr(authority));
  if (!place.ends_with('/')) place += '/';
  while (place.size() > 2) {
    for (const auto& key : {place, place.substr(0, place.size() - 1)})
      if (auto token = value(key + ":_authToken")) return token;
    place.pop_back();
    place.resize(place.rfind('/') + 1);
  }
  return std::nullopt;
}

}  // namespace kontor::cli
