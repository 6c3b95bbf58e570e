#pragma once
// Query strings and form bodies (application/x-www-form-urlencoded).
#include <optional>
#include <string>
#include <string_view>

namespace kontor::http {

// First value of `name`, decoded ('+' is a space); nothing where absent or ill-encoded.
std::optional<std::string> find_query_value(std::string_view query, std::string_view name);

}  // namespace kontor::http
