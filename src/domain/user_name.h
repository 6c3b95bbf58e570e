#pragma once
// The rule for user names, shared by all formats: what npm accepts and a URL carries unescaped.
#include <string_view>

namespace kontor {

// 1 to 64 characters of a-z, 0-9, '-', '_' and '.', beginning with a letter or digit. Lower case
// only, so that two names never differ by case alone.
bool is_user_name(std::string_view name);

}  // namespace kontor
