#pragma once
// A package's name as all formats share it: an optional scope and a base. Which names are legal is
// for each format's own grammar.
#include <compare>
#include <string>

namespace kontor {

struct PackageName {
  std::string scope;  // without '@'; empty where the name has no scope
  std::string base;

  auto operator<=>(const PackageName&) const = default;
  bool scoped() const { return !scope.empty(); }
  // "@scope/base" or "base".
  std::string full() const { return scoped() ? "@" + scope + "/" + base : base; }
};

}  // namespace kontor
