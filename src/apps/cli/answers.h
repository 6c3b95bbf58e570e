#pragma once
// Fields of what a server answered.
#include "base/json.h"

#include <string>
#include <string_view>

namespace kontor::cli {

// Empty where it is no text.
inline std::string text_of(const Json& object, std::string_view name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

}  // namespace kontor::cli
