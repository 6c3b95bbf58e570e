#pragma once
// What a configuration is made from, as texts: nothing here reads a file or the environment.
#include "domain/json5.h"

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::config {

using Problems = std::vector<std::string>;  // whole sentences, one for each line of output
using Variables = std::map<std::string, std::string, std::less<>>;

struct SourceText {
  std::string name;  // shown in messages; its ending decides the syntax of a configuration file
  std::string text;
};

struct Setting {
  std::string path;
  std::string value;
  std::string flag = "--set";
};

// "auth.anonymousRead=false", or what is wrong with it.
std::expected<Setting, std::string> parse_setting(std::string_view text);

struct EnvLine {
  std::string value;
  std::uint32_t line = 0;
};
using EnvFile = std::map<std::string, EnvLine, std::less<>>;

// Lines NAME=value as in .env files: comments, `export`, quotes; in double quotes \n, \t, \", \\
// and \$. The last line of a name counts. Problems never show what a line holds.
std::expected<EnvFile, Problems> parse_env_file(const SourceText& file);

// The tree of a configuration file: JSON5, of which JSON is a part. Of .jsonl the last line that is
// not blank counts (row CFG-01).
std::expected<Json5Value, std::string> parse_config_file(const SourceText& file);

}  // namespace kontor::config
