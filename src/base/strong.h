#pragma once
// Strong<Tag, T>: a value that cannot be mixed up with another of the same representation.
#include <compare>
#include <functional>
#include <utility>

namespace kontor {

template <class Tag, class T>
struct Strong {
  T value{};

  Strong() = default;
  explicit Strong(T v) : value(std::move(v)) {}
  auto operator<=>(const Strong&) const = default;
};

}  // namespace kontor

template <class Tag, class T>
struct std::hash<kontor::Strong<Tag, T>> {
  std::size_t operator()(const kontor::Strong<Tag, T>& s) const {
    return std::hash<T>{}(s.value);
  }
};
