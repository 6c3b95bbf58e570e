#pragma once
// The nearest name to one that nobody knows.
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace kontor::config {

// Insertions, removals, replacements and swaps of neighbours that turn one text into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate that is near enough to be meant, upper and lower case being equal; empty where
// there is none. The part of a candidate after its last '.' may be what is near.
std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

// "; did you mean "listen.port"?", or nothing.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace kontor::config
