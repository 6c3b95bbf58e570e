#pragma once
// What several files of this adapter know of the tables.
#include "adapters/sqlite/connection.h"
#include "ports/package_store.h"

#include <string>
#include <vector>

namespace kontor::sqlite {

// The ids of a package's versions: [first, last]. See migrations/sqlite/0001_stores.sql.
struct VersionIds {
  static constexpr std::int64_t kSlots = 2'097'152;
  explicit VersionIds(PackageId package)
      : first(package.value * kSlots), last(first + kSlots - 1) {}
  std::int64_t first;
  std::int64_t last;
};

// The row of a package by format and name. One text for all who ask, so that a connection that is
// far away recognises the question.
inline constexpr const char* kPackageRow =
    "SELECT id, visibility, revision, policy_revision, created, modified, unpublished, rewritten,"
    " flagged FROM packages WHERE format = ? AND name = ?";

Result<std::vector<Owner>> owners_of(Connection& db, PackageId package);

}  // namespace kontor::sqlite
