// Folding of names, one rule after the other.
#include "domain/collision_key.h"

#include "base/encoding.h"

#include <algorithm>

namespace kontor {
namespace {

char fold(char c) {
  if (c == 'l' || c == 'i') return '1';
  return c == 'o' ? '0' : c;
}

// Two letters that look like one. The letter takes part in no further pair, so that the fold is
// stable.
void fold_pair(std::string& text, char first, char second, char looks_like) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pair = text[i] == first && i + 1 < text.size() && text[i + 1] == second;
    text[kept++] = pair ? looks_like : text[i];
    if (pair) ++i;
  }
  text.resize(kept);
}

}  // namespace

std::string collision_key(std::string_view part) {
  std::string key = to_lower_ascii(part);
  std::erase_if(key, [](char c) { return c == '.' || c == '_' || c == '-'; });
  std::ranges::transform(key, key.begin(), fold);
  fold_pair(key, 'r', 'n', 'm');
  fold_pair(key, 'v', 'v', 'w');
  return key;
}

std::string collision_key(const PackageName& name) {
  return PackageName{collision_key(name.scope), collision_key(name.base)}.full();
}

bool within_one_edit(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  const auto differ = std::ranges::mismatch(a, b);
  const std::string_view rest_a(differ.in1, a.end());
  const std::string_view rest_b(differ.in2, b.end());
  if (rest_b.empty()) return true;
  if (rest_a.size() < rest_b.size()) return rest_a == rest_b.substr(1);
  if (rest_a.substr(1) == rest_b.substr(1)) return true;
  return rest_a.size() > 1 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] &&
         rest_a.substr(2) == rest_b.substr(2);
}

}  // namespace kontor
