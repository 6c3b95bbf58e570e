#pragma once
// YAML as lockfiles use it: maps, lists and texts as a tree. Anchors and aliases, tags, and a key
// that stands twice in one map are refused.
#include "base/bytes.h"
#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::lockfile {

struct YamlMember;

struct Yaml {
  enum class Kind : std::uint8_t { text, list, map };
  Kind kind = Kind::text;
  std::string text;
  std::vector<Yaml> items;
  std::vector<YamlMember> members;

  const Yaml* find(std::string_view key) const;          // linear; null where absent
  std::string_view text_of(std::string_view key) const;  // empty where absent or no text
};

struct YamlMember {
  std::string key;
  Yaml value;
};

// All documents of the text, each a map. bad_request with line and column otherwise; too_large
// beyond 64 levels or four million nodes.
Result<std::vector<Yaml>> parse_yaml(ByteView text);

}  // namespace kontor::lockfile
