#pragma once
// The numbered files of migrations/sqlite, built into the binary.
#include <cstdint>
#include <string>
#include <vector>

namespace kontor::sqlite {

struct EmbeddedText {
  const char* name;  // "0001_stores.sql"
  const char* text;
};
extern const EmbeddedText kEmbeddedTexts[];
extern const unsigned kEmbeddedTextCount;

struct Migration {
  std::int64_t number;
  std::string name;
  std::string text;
};
std::vector<Migration> built_in_migrations();

}  // namespace kontor::sqlite
