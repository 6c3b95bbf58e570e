// One pass over the characters.
#include "domain/user_name.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::size_t kMaxLength = 64;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

bool is_user_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxLength || !is_alphanumeric(name.front())) return false;
  return std::ranges::all_of(
      name, [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace kontor
