// Rows of the two indexes are made by SQL from the tables, so that a rebuild and another adapter of
// the same schema make the same ones.
#include "adapters/sqlite/search_index.h"

#include "base/encoding.h"

namespace kontor::sqlite {
namespace {

constexpr std::string_view kMark = "\xee\x80\x80";  // U+E000
constexpr std::size_t kMaxFacetBytes = 128;

constexpr const char* kForgetName =
    "DELETE FROM search_names WHERE rowid = (SELECT place FROM search_entries WHERE package = ?)";
constexpr const char* kForgetTexts =
    "DELETE FROM search_texts WHERE rowid = (SELECT place FROM search_entries WHERE package = ?)";
constexpr const char* kPlace =
    "UPDATE search_entries SET place = (SELECT place FROM packages WHERE id = ?1)"
    " WHERE package = ?1 AND place <> (SELECT place FROM packages WHERE id = ?1)";

const std::string kIndexName =
    std::string("INSERT INTO search_names (rowid, name, facets) SELECT e.place, p.name, ") +
    kFacetsOfPackage +
    " FROM search_entries e JOIN packages p ON p.id = e.package WHERE e.package = ?"
    " AND NOT EXISTS (SELECT 1 FROM search_names n WHERE n.rowid = e.place)";
// The facets are those of the name's row.
constexpr const char* kIndexTexts =
    "INSERT INTO search_texts (rowid, name, keywords, description, author, facets)"
    " SELECT e.place, n.name, e.keywords, e.description, e.author, n.facets"
    " FROM search_entries e JOIN search_names n ON n.rowid = e.place WHERE e.package = ?"
    " AND NOT EXISTS (SELECT 1 FROM search_texts t WHERE t.rowid = e.place)";

std::string facets_of(const std::string& name, const SearchEntry& entry) {
  std::string facets =
      facet('d', std::int64_t{entry.deprecated}) + ' ' + facet('u', std::int64_t{entry.unstable});
  if (const auto slash = name.find('/'); name.starts_with('@') && slash != name.npos)
    facets += ' ' + facet('s', std::string_view(name).substr(1, slash - 1));
  for (const auto& keyword : entry.keywords) facets += ' ' + facet('k', keyword);
  return facets;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

Result<void> forget(Connection& db, PackageId package) {
  auto done = db.run(kForgetName, package);
  return done ? db.run(kForgetTexts, package) : done;
}

}  // namespace

std::string facet(char kind, std::string_view text) {
  return std::string(kMark) + kind + to_hex(to_lower_ascii(text.substr(0, kMaxFacetBytes)));
}

std::string facet(char kind, std::int64_t number) {
  return std::string(kMark) + kind + std::to_string(number);
}

Result<bool> put_search_entry(Connection& db, PackageId package, const std::string& name,
                              const SearchEntry& entry, bool is_new) {
  const std::string facets = facets_of(name, entry), keywords = joined(entry.keywords);
  Result<bool> same = false;
  if (!is_new)
    same = db.exists(
        "SELECT 1 FROM search_entries WHERE package = ? AND description = ? AND keywords = ?"
        " AND author = ? AND facets = ?",
        package, entry.description, keywords, entry.author, facets);
  if (!same) return std::unexpected(same.error());
  auto done = *same ? Result<void>() : forget(db, package);
  if (done)
    done = db.run(
        "INSERT INTO search_entries (package, place, version, published, description, keywords,"
        " author, facets, document) VALUES (?1, (SELECT place FROM packages WHERE id = ?1), ?2,"
        " (SELECT published FROM versions WHERE package = ?1 AND version = ?2), ?3, ?4, ?5, ?6, ?7)"
        " ON CONFLICT (package) DO UPDATE SET version = excluded.version,"
        " published = excluded.published, description = excluded.description,"
        " keywords = excluded.keywords, author = excluded.author, facets = excluded.facets,"
        " document = excluded.document",
        package, entry.version, entry.description, keywords, entry.author, facets, entry.document);
  if (!done) return fail(done);
  return !*same;
}

Result<void> index_package(Connection& db, PackageId package) {
  auto done = forget(db, package);
  for (const char* sql : {kPlace, kIndexName.c_str(), kIndexTexts})
    if (done) done = db.run(sql, package);
  return done;
}

Result<void> drop_entry_without_versions(Connection& db, PackageId package) {
  Result<void> done;
  for (const char* sql :
       {"DELETE FROM search_names WHERE rowid = (SELECT place FROM search_entries"
        " WHERE package = ?1 AND NOT EXISTS (SELECT 1 FROM versions"
        " WHERE package = ?1 AND quarantined = 0))",
        "DELETE FROM search_texts WHERE rowid = (SELECT place FROM search_entries"
        " WHERE package = ?1 AND NOT EXISTS (SELECT 1 FROM versions"
        " WHERE package = ?1 AND quarantined = 0))",
        "DELETE FROM search_entries WHERE package = ?1"
        " AND NOT EXISTS (SELECT 1 FROM versions WHERE package = ?1 AND quarantined = 0)"})
    if (done) done = db.run(sql, package);
  return done;
}

Result<void> index_if_moved(Connection& db, PackageId package) {
  Result<void> done;
  for (const char* sql :
       {"DELETE FROM search_names WHERE rowid = (SELECT e.place FROM search_entries e"
        " JOIN packages p ON p.id = e.package WHERE e.package = ? AND e.place <> p.place)",
        "DELETE FROM search_texts WHERE rowid = (SELECT e.place FROM search_entries e"
        " JOIN packages p ON p.id = e.package WHERE e.package = ? AND e.place <> p.place)",
        kPlace, kIndexName.c_str(), kIndexTexts})
    if (done) done = db.run(sql, package);
  return done;
}

}  // namespace kontor::sqlite
