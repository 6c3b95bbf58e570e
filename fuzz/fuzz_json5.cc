// JSON5: no input may crash the reader, and positions stay within the text.
#include "base/check.h"
#include "domain/json5.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace {

void walk(const kontor::Json5Value& value, std::uint32_t lines) {
  kontor::check(value.position.line >= 1 && value.position.line <= lines, "line out of the text");
  kontor::check(value.position.column >= 1, "column out of the line");
  for (const auto& item : value.items) walk(item, lines);
  for (const auto& member : value.members) {
    kontor::check(value.find(member.name) != nullptr, "a member that is not found");
    walk(member.value, lines);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto lines = static_cast<std::uint32_t>(size + 1);
  auto value = kontor::parse_json5(text);
  if (value)
    walk(*value, lines);
  else
    kontor::check(value.error().position.line <= lines, "an error out of the text");
  return 0;
}
