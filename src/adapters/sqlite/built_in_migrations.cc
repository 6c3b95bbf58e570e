// The number of a migration is the beginning of its file's name.
#include "adapters/sqlite/built_in_migrations.h"

#include <charconv>
#include <string_view>

namespace kontor::sqlite {

std::vector<Migration> built_in_migrations() {
  std::vector<Migration> migrations;
  for (unsigned i = 0; i < kEmbeddedTextCount; ++i) {
    const std::string_view name = kEmbeddedTexts[i].name;
    std::int64_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    migrations.push_back({number, std::string(name), kEmbeddedTexts[i].text});
  }
  return migrations;
}

}  // namespace kontor::sqlite
