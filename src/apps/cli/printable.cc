// Characters are told by their bytes in UTF-8.
#include "apps/cli/printable.h"

namespace kontor::cli {
namespace {

bool is_control(char c) {
  return (c >= 0 && c < ' ' && c != '\n' && c != '\t') || c == '\x7f';
}

// C1 controls are c2 80 to c2 9f.
bool is_c1_control(std::string_view text) {
  return text.size() > 1 && text[0] == '\xc2' && text[1] >= '\x80' && text[1] <= '\x9f';
}

bool turns(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xe2') return false;
  return (text[1] == '\x80' && text[2] >= '\xaa' && text[2] <= '\xae') ||
         (text[1] == '\x81' && text[2] >= '\xa6' && text[2] <= '\xa9');
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t taken = turns(text) ? 3 : is_c1_control(text) ? 2 : 1;
    out += taken > 1 || is_control(text[0]) ? '?' : text[0];
    text.remove_prefix(taken);
  }
  return out;
}

}  // namespace kontor::cli
