#pragma once
// Words of strangers on a terminal.
#include <string>
#include <string_view>

namespace kontor::cli {

// The text with a question mark for each character that could steer the terminal or turn the
// direction of what follows. Line feeds and tabs stay.
std::string printable(std::string_view text);

}  // namespace kontor::cli
