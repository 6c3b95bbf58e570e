// Reading of single values from JSON5, with references to variables.
#include "apps/server/config/value.h"

#include <utility>

namespace kontor::config {
namespace {

struct Expanded {
  std::string text;
  bool referred = false;  // held a reference
  std::string unknown;    // the first name that is not set
};

// The length of "${NAME}" at the start of the text; 0 where there is none.
std::size_t reference_length(std::string_view text) {
  if (!text.starts_with("${")) return 0;
  auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  std::size_t end = 2;
  while (end < text.size() && is_part(text[end])) ++end;
  return end > 2 && end < text.size() && text[end] == '}' ? end + 1 : 0;
}

Expanded expand(std::string_view text, const Lookup& lookup) {
  Expanded out;
  while (!text.empty()) {
    std::size_t length = 1;
    if (text.starts_with("$${")) {
      length = 3;
      out.text += "${";
    } else if (auto reference = reference_length(text)) {
      length = reference;
      out.referred = true;
      std::string name(text.substr(2, length - 3));
      auto value = lookup(name);
      if (value) out.text += *value;
      if (!value && out.unknown.empty()) out.unknown = name;
    } else {
      out.text += text[0];
    }
    text.remove_prefix(length);
  }
  return out;
}

Problem unknown_variable(const Key& key, const std::string& name) {
  if (key.visibility == Visibility::secret) return "refers to a variable that is not set";
  return "refers to the variable " + name + ", which is not set";
}

Problem set_list(Config& config, const Key& key, const Json5Value& value, const Lookup& lookup) {
  Config draft = config;
  auto& out = *std::get<std::vector<std::string>*>(key.slot(draft));
  out.clear();
  for (const auto& item : value.items) {
    if (item.kind != Json5Kind::string)
      return "must be a list of strings, but holds " + std::string(kind_name(item.kind));
    auto expanded = expand(item.string, lookup);
    if (!expanded.unknown.empty()) return unknown_variable(key, expanded.unknown);
    out.push_back(std::move(expanded.text));
  }
  return keep_value(config, draft, key);
}

Problem set_string(Config& config, const Key& key, const Json5Value& value, const Lookup& lookup) {
  auto expanded = expand(value.string, lookup);
  if (!expanded.unknown.empty()) return unknown_variable(key, expanded.unknown);
  auto slot = key.slot(config);
  if (expanded.referred) {
    Key hidden = key;  // what a variable holds is not shown
    hidden.visibility = Visibility::secret;
    return set_from_text(config, hidden, expanded.text);
  }
  if (std::holds_alternative<bool*>(slot) || std::holds_alternative<std::int64_t*>(slot) ||
      std::holds_alternative<std::vector<std::string>*>(slot))
    return must_be(slot, ", not a string");
  return set_from_text(config, key, expanded.text);
}

}  // namespace

Problem set_from_json(Config& config, const Key& key, const Json5Value& value,
                      const Lookup& lookup) {
  Config draft = config;
  auto slot = key.slot(draft);
  auto number = value.integer();
  if (value.kind == Json5Kind::string) return set_string(config, key, value, lookup);
  if (auto* out = std::get_if<bool*>(&slot); out && value.kind == Json5Kind::boolean) {
    **out = value.boolean;
  } else if (std::holds_alternative<std::vector<std::string>*>(slot) &&
             value.kind == Json5Kind::array) {
    return set_list(config, key, value, lookup);
  } else if (auto* out = std::get_if<std::int64_t*>(&slot); out && number) {
    **out = *number;
  } else if (auto* out = std::get_if<std::uint64_t*>(&slot); out && number && *number >= 0) {
    **out = static_cast<std::uint64_t>(*number);
  } else if (auto* out = std::get_if<Duration*>(&slot); out && number) {
    **out = Duration{*number};
  } else {
    bool wants_number = std::holds_alternative<std::int64_t*>(slot) ||
                        std::holds_alternative<std::uint64_t*>(slot) ||
                        std::holds_alternative<Duration*>(slot);
    bool wrong_number = wants_number && value.kind == Json5Kind::number;
    return must_be(slot, wrong_number ? "" : ", not " + std::string(kind_name(value.kind)));
  }
  return keep_value(config, draft, key);
}

}  // namespace kontor::config
