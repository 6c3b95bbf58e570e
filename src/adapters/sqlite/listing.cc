// One statement for each pair of eyes, so that each walks an index that holds what they may see.
#include "adapters/sqlite/listing.h"

#include <algorithm>

namespace kontor::sqlite {
namespace {

// Parameters: 1 format, 2 name greater than, 3 name less than, 4 modified since, 5 limit, 6 viewer.
constexpr const char* kOpen =
    "SELECT p.name, p.modified, e.document, 0 FROM packages p"
    " LEFT JOIN search_entries e ON e.package = p.id"
    " WHERE p.visibility = 0 AND p.format = ?1 AND p.name > ?2 AND p.name < ?3"
    " AND p.modified >= ?4 ORDER BY p.name LIMIT ?5";
constexpr const char* kAll =
    "SELECT p.name, p.modified, e.document, 0 FROM packages p"
    " LEFT JOIN search_entries e ON e.package = p.id"
    " WHERE p.format = ?1 AND p.name > ?2 AND p.name < ?3"
    " AND p.modified >= ?4 ORDER BY p.name LIMIT ?5";
constexpr const char* kRestrictedOfViewer =
    "SELECT p.name, p.modified, e.document, 0 FROM owners o JOIN packages p ON p.id = o.package"
    " LEFT JOIN search_entries e ON e.package = p.id"
    " WHERE o.user = ?6 AND p.visibility = 1 AND p.format = ?1 AND p.name > ?2 AND p.name < ?3"
    " AND p.modified >= ?4 ORDER BY p.name LIMIT ?5";
// Parameters 7: the owner; 8: whether the viewer sees all.
constexpr const char* kOwned =
    "SELECT p.name, p.modified, e.document, o.role FROM owners o JOIN packages p ON p.id = "
    "o.package"
    " LEFT JOIN search_entries e ON e.package = p.id"
    " WHERE o.user = ?7 AND p.format = ?1 AND p.name > ?2 AND p.name < ?3 AND p.modified >= ?4"
    " AND (p.visibility = 0 OR ?8 OR EXISTS"
    " (SELECT 1 FROM owners v WHERE v.package = p.id AND v.user = ?6))"
    " ORDER BY p.name LIMIT ?5";
constexpr const char* kStarred =
    "SELECT p.name FROM stars s JOIN packages p ON p.id = s.package"
    " WHERE s.user = (SELECT id FROM users WHERE name = ?1) AND p.format = ?2"
    " AND (p.visibility = 0 OR ?3 OR EXISTS"
    " (SELECT 1 FROM owners v WHERE v.package = p.id AND v.user = ?4)) ORDER BY p.name";

struct Range {
  std::string after, before;
};

Range range_of(const PackageListQuery& query) {
  // No name of a package contains the byte 0xff, and '0' follows '/'.
  if (query.scope.empty()) return {query.after, "\xff"};
  return {std::max(query.after, "@" + query.scope + "/"), "@" + query.scope + "0"};
}

PackageListing read_listing(const Row& row) {
  return {row.text(0), static_cast<OwnerRole>(row.integer(3)), row.time(1), row.text(2)};
}

}  // namespace

Result<std::vector<PackageListing>> list_packages(Connection& db, const PackageListQuery& query) {
  const auto [after, before] = range_of(query);
  const std::int64_t since = query.modified_since ? query.modified_since->ms : INT64_MIN;
  const std::uint32_t limit = std::min<std::uint32_t>(query.limit, 1000);
  const std::int64_t viewer = query.viewer.user ? query.viewer.user->value : 0;
  if (query.owned_by)
    return db.all(kOwned, read_listing, query.format, after, before, since, limit, viewer,
                  *query.owned_by, query.viewer.sees_all);
  if (query.viewer.sees_all || !query.viewer.user)
    return db.all(query.viewer.sees_all ? kAll : kOpen, read_listing, query.format, after, before,
                  since, limit);
  const Snapshot snapshot(db);
  auto open = db.all(kOpen, read_listing, query.format, after, before, since, limit);
  if (!open) return open;
  auto own =
      db.all(kRestrictedOfViewer, read_listing, query.format, after, before, since, limit, viewer);
  if (!own) return own;
  std::vector<PackageListing> both;
  std::ranges::merge(std::move(*open), std::move(*own), std::back_inserter(both), {},
                     &PackageListing::name, &PackageListing::name);
  if (both.size() > limit) both.resize(limit);
  return both;
}

Result<std::vector<std::string>> list_starred(Connection& db, const std::string& user,
                                              FormatId format, const Viewer& viewer) {
  return db.all(
      kStarred, [](const Row& row) { return row.text(0); }, user, format, viewer.sees_all,
      viewer.user ? viewer.user->value : 0);
}

}  // namespace kontor::sqlite
