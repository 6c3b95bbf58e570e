// Commands: whatever spelling a client sent, installers shall link the same names to the same files.
#include "formats/npm/bin.h"

#include <algorithm>
#include <vector>

namespace kontor::npm {
namespace {

void add_command(Json& commands, std::string_view name, const Json& target) {
  if (!target.is_string()) return;
  const std::string clean_name = clean_path(name);
  const auto command = last_name(clean_name);
  std::string path = clean_path(target.get_ref<const std::string&>());
  if (!command.empty() && !path.empty()) commands[std::string(command)] = std::move(path);
}

}  // namespace

std::string clean_path(std::string_view path) {
  std::string text(path);
  std::ranges::replace_if(text, [](char c) { return c == '\\' || c == ':'; }, '/');
  std::vector<std::string_view> parts;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find('/'), rest.size());
    const auto part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.empty() || part == ".") continue;
    if (part != "..") parts.push_back(part);
    else if (!parts.empty()) parts.pop_back();
  }
  std::string out;
  for (const auto part : parts) {
    if (!out.empty()) out += '/';
    out += part;
  }
  return out;
}

std::string_view last_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

Result<Json> normalise_bin(std::string_view package_name, const Json& bin) {
  if (bin.size() > kMaxCommands)
    return fail(Code::too_large, "The manifest's bin names more than 1000 commands.");
  Json commands = Json::object();
  if (bin.is_string()) {
    add_command(commands, package_name, bin);
  } else if (bin.is_array()) {
    for (const auto& target : bin)
      if (target.is_string())
        add_command(commands, last_name(target.get_ref<const std::string&>()), target);
  } else if (bin.is_object()) {
    for (const auto& [name, target] : bin.items()) add_command(commands, name, target);
  }
  return commands.empty() ? Json() : commands;
}

}  // namespace kontor::npm
