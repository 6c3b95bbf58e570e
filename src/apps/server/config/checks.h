#pragma once
// Checks of single string values; each returns what is wrong, or nothing.
#include <optional>
#include <string>

namespace kontor::config {

std::optional<std::string> check_host(std::string& text);        // name or address to listen on
std::optional<std::string> check_public_url(std::string& text);  // cuts final slashes
std::optional<std::string> check_not_empty(std::string& text);
std::optional<std::string> check_cidr(std::string& text);    // "10.0.0.0/8", "::1"
std::optional<std::string> check_prefix(std::string& text);  // "/npm"; cuts final slashes
std::optional<std::string> check_secret(std::string& text);  // empty, or 32 characters and more
std::optional<std::string> check_user_name(std::string& text);
std::optional<std::string> check_log_origin(std::string& text);  // cuts final slashes

std::optional<std::string> check_advisory_rule(std::string& text);    // "GHSA/high=warn"
std::optional<std::string> check_advisory_prefix(std::string& text);  // of ids

// A JSON object of courses in git repositories; brings it to its normal form.
std::optional<std::string> check_course_map(std::string& text);

bool is_loopback(const std::string& host);

}  // namespace kontor::config
