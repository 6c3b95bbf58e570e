// One rule, one query; each row it yields is a sentence about what is wrong.
#include "adapters/sqlite/store_checks.h"

#include "adapters/sqlite/search_index.h"

#include <array>

namespace kontor::sqlite {
namespace {

constexpr int kMostFaults = 50;  // a rule

struct Rule {
  bool derived;
  const char* sql;  // with one parameter, the limit
};

constexpr std::array kRules = {
    Rule{false,
         "SELECT 'Version ' || v.version || ' (row ' || v.id || ') belongs to no package.'"
         " FROM versions v WHERE NOT EXISTS (SELECT 1 FROM packages p WHERE p.id = v.package)"
         " OR v.id / 2097152 <> v.package LIMIT ?"},
    Rule{false,
         "SELECT p.name || '@' || v.version || ' has no manifest.' FROM versions v"
         " JOIN packages p ON p.id = v.package"
         " WHERE NOT EXISTS (SELECT 1 FROM manifests m WHERE m.id = v.id) LIMIT ?"},
    Rule{false,
         "SELECT p.name || '@' || v.version || ' has no abbreviated manifest.' FROM versions v"
         " JOIN packages p ON p.id = v.package"
         " WHERE NOT EXISTS (SELECT 1 FROM abbreviated a WHERE a.id = v.id) LIMIT ?"},
    Rule{false,
         "SELECT 'The manifest in row ' || m.id || ' belongs to no version.' FROM manifests m"
         " WHERE NOT EXISTS (SELECT 1 FROM versions v WHERE v.id = m.id) LIMIT ?"},
    Rule{false,
         "SELECT 'An attestation in row ' || a.version || ' belongs to no version.'"
         " FROM attestations a WHERE NOT EXISTS"
         " (SELECT 1 FROM versions v WHERE v.id = a.version) LIMIT ?"},
    Rule{false,
         "SELECT 'The tag ' || t.tag || ' of ' || p.name || ' names ' || t.version || ', which is"
         " not there.' FROM tags t JOIN packages p ON p.id = t.package WHERE NOT EXISTS"
         " (SELECT 1 FROM versions v WHERE v.package = t.package AND v.version = t.version)"
         " LIMIT ?"},
    Rule{false,
         "SELECT p.name || '@' || t.version || ' is there and counts as unpublished.'"
         " FROM tombstones t JOIN packages p ON p.id = t.package WHERE EXISTS"
         " (SELECT 1 FROM versions v WHERE v.package = t.package AND v.version = t.version)"
         " LIMIT ?"},
    Rule{false,
         "SELECT 'A role on package ' || o.package || ' belongs to user ' || o.user || '; one of"
         " them is not there.' FROM owners o WHERE NOT EXISTS"
         " (SELECT 1 FROM packages p WHERE p.id = o.package) OR NOT EXISTS"
         " (SELECT 1 FROM users u WHERE u.id = o.user) LIMIT ?"},
    Rule{false,
         "SELECT 'The token ' || t.key || ' belongs to no user.' FROM tokens t"
         " WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = t.user) LIMIT ?"},
    Rule{true,
         "SELECT 'The downloads of ' || p.name || ' on day ' || d.day || ' are not the sum of those"
         " of its versions.' FROM package_downloads d JOIN packages p ON p.id = d.package"
         " WHERE d.count <> (SELECT coalesce(sum(v.count), 0) FROM version_downloads v"
         " WHERE v.package = d.package AND v.day = d.day) LIMIT ?"},
    Rule{true,
         "SELECT 'The downloads of ' || p.name || ' of all time are not the sum of those of its"
         " versions.' FROM packages p WHERE p.downloads <> (SELECT coalesce(sum(v.count), 0)"
         " FROM version_downloads v WHERE v.package = p.id) LIMIT ?"},
    Rule{true,
         "SELECT 'The search entry of package ' || e.package || ' belongs to no package or"
         " version.' FROM search_entries e WHERE NOT EXISTS"
         " (SELECT 1 FROM versions v WHERE v.package = e.package AND v.version = e.version)"
         " LIMIT ?"},
    Rule{true,
         "SELECT 'The search index does not list row ' || n.rowid || ' for any package.'"
         " FROM search_names n WHERE n.rowid NOT IN (SELECT place FROM search_entries) LIMIT ?"},
};

// One row a package whose row in the index differs from the one that would be made today.
std::string stale_index_rows() {
  return std::string("SELECT 'The search index is stale for ' || p.name || '.'") +
         " FROM search_entries e JOIN packages p ON p.id = e.package"
         " LEFT JOIN search_names n ON n.rowid = e.place"
         " LEFT JOIN search_texts t ON t.rowid = e.place"
         " WHERE e.place <> p.place OR n.name IS NOT p.name OR n.facets IS NOT " +
         kFacetsOfPackage +
         " OR t.name IS NOT p.name OR t.facets IS NOT n.facets OR t.keywords IS NOT e.keywords"
         " OR t.description IS NOT e.description OR t.author IS NOT e.author LIMIT ?";
}

// Sentences of the check for broken pages that a rebuilt index mends.
bool is_about_an_index(std::string_view text) {
  return text.find("missing from index") != text.npos ||
         text.find("entries in index") != text.npos ||
         text.find("non-unique entry in index") != text.npos;
}

void add_failure(std::vector<StoreFault>& faults, const Error& error) {
  faults.push_back({false, "The database cannot be read: " + error.cause});
}

}  // namespace

Result<std::vector<StoreFault>> check_rows(Connection& db) {
  const Snapshot snapshot(db);
  std::vector<StoreFault> faults;
  auto pages = db.each("PRAGMA integrity_check(50)", [&](const Row& row) {
    const auto text = row.text(0);
    if (text != "ok") faults.push_back({is_about_an_index(text), "Database: " + text});
  });
  if (!pages) add_failure(faults, pages.error());
  static const std::string kStaleIndexRows = stale_index_rows();
  std::vector<Rule> rules(kRules.begin(), kRules.end());
  rules.push_back({true, kStaleIndexRows.c_str()});
  for (const Rule& rule : rules) {
    auto found = db.each(
        rule.sql, [&](const Row& row) { faults.push_back({rule.derived, row.text(0)}); },
        kMostFaults);
    if (!found) add_failure(faults, found.error());
  }
  return faults;
}

Result<std::vector<StoreFault>> check_search_structure(Connection& db) {
  std::vector<StoreFault> faults;
  const auto check = [&](const char* sql, const char* text) {
    if (auto done = db.run(sql); !done) faults.push_back({true, text});
  };
  check("INSERT INTO search_names (search_names) VALUES ('integrity-check')",
        "The full-text index of names is broken.");
  check("INSERT INTO search_texts (search_texts) VALUES ('integrity-check')",
        "The full-text index of texts is broken.");
  return faults;
}

}  // namespace kontor::sqlite
