#pragma once
// Brings a store to the schema this binary knows: the numbered files of migrations/sqlite, built
// into the binary.
#include "adapters/sqlite/connection.h"
#include "base/time.h"

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

// Applies what is missing, all in one transaction. Refuses, changing nothing, a store that a newer
// binary has written, or one whose applied migrations differ from these (`unavailable`, with a
// detail that says what to do).
Result<void> migrate(Connection& connection, const std::vector<Migration>& migrations,
                     Timestamp now);

// Whether the store has exactly these; `unavailable` with a detail otherwise. Reads only.
Result<void> check_migrated(Connection& connection, const std::vector<Migration>& migrations);

}  // namespace kontor::sqlite
