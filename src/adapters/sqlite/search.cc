// Tiers in order of rank, each in order of place (more downloads first), until the page and the
// total are known.
#include "adapters/sqlite/search.h"

#include "adapters/sqlite/downloads.h"
#include "adapters/sqlite/search_expression.h"
#include "base/encoding.h"

#include <algorithm>
#include <unordered_set>

namespace kontor::sqlite {
namespace {

constexpr std::size_t kCounted = 1001;  // one more than what totals are exact up to
constexpr std::int64_t kPackageMask = (std::int64_t{1} << 40) - 1;
constexpr std::int64_t kFormatSpan = std::int64_t{1} << 44;

constexpr const char* kInNames =
    "SELECT rowid FROM search_names WHERE search_names MATCH ? AND rowid BETWEEN ? AND ?"
    " ORDER BY rowid LIMIT ?";
constexpr const char* kInTexts =
    "SELECT rowid FROM search_texts WHERE search_texts MATCH ? AND rowid BETWEEN ? AND ?"
    " ORDER BY rowid LIMIT ?";

struct Candidate {
  std::int64_t place;
  double base;  // of the tier

  PackageId package() const { return PackageId(place & kPackageMask); }
  std::int64_t popularity() const { return 15 - ((place >> 40) & 15); }
  double score() const { return base + 0.2 * static_cast<double>(popularity()) / 16; }
};

// Collects places tier by tier, each once.
class Candidates {
 public:
  Candidates(Connection& db, const SearchQuery& query, std::size_t wanted)
      : db_(db),
        wanted_(wanted),
        first_(static_cast<std::int64_t>(query.format) * kFormatSpan),
        last_(first_ + kFormatSpan - 1) {}

  bool full() const { return found_.size() >= wanted_; }
  Result<void> add_tier(const char* sql, const std::string& expression, double base) {
    if (full() || expression.empty()) return {};
    return add(sql, expression, first_, last_, base);
  }
  Result<void> add_at(const char* sql, const std::string& expression, std::int64_t place) {
    return add(sql, expression, place, place, 1.0);
  }
  std::vector<Candidate>& found() { return found_; }

 private:
  Result<void> add(const char* sql, const std::string& expression, std::int64_t first,
                   std::int64_t last, double base) {
    return db_.each(
        sql,
        [&](const Row& row) {
          if (!full() && seen_.insert(row.integer(0)).second)
            found_.push_back({row.integer(0), base});
        },
        expression, first, last, static_cast<std::int64_t>(wanted_));
  }

  Connection& db_;
  const std::size_t wanted_;
  const std::int64_t first_, last_;
  std::vector<Candidate> found_;
  std::unordered_set<std::int64_t> seen_;
};

// "react dom" asks for react-dom too.
Result<std::optional<std::int64_t>> place_of_name(Connection& db, const SearchQuery& query) {
  std::string name;
  for (const auto& word : query.words) name += (name.empty() ? "" : "-") + word;
  for (const std::string& spelling : {name, to_lower_ascii(name)}) {
    auto place = db.number("SELECT place FROM packages WHERE format = ? AND name = ?", query.format,
                           spelling);
    if (!place || *place) return place;
  }
  return std::nullopt;
}

Result<std::vector<Candidate>> find_candidates(Connection& db, const SearchQuery& query,
                                               const SearchExpressions& ask, std::size_t wanted) {
  Candidates candidates(db, query, wanted);
  const char* names = ask.texts_only ? kInTexts : kInNames;
  Result<void> done;
  if (ask.names.empty()) {
    done = candidates.add_tier(names, ask.filter, 0.1);
  } else {
    const auto exact = place_of_name(db, query);
    if (!exact) return std::unexpected(exact.error());
    if (*exact) done = candidates.add_at(names, ask.names, **exact);
    if (done) done = candidates.add_tier(names, ask.names, 0.75);
    if (done) done = candidates.add_tier(names, ask.keywords, 0.5);
    if (done) done = candidates.add_tier(kInTexts, ask.texts, 0.25);
    if (done) done = candidates.add_tier(kInTexts, ask.prefixes, 0.0);
  }
  if (!done) return fail(done);
  return std::move(candidates.found());
}

Result<std::optional<SearchHit>> load_hit(Connection& db, const Candidate& candidate, Day today) {
  const PackageId package = candidate.package();
  auto owners = owners_of(db, package);
  if (!owners) return fail(owners);
  const auto week = downloads_between(db, package, Day{today.number - 6}, today);
  const auto month = downloads_between(db, package, Day{today.number - 29}, today);
  return db.one(
      "SELECT p.name, e.document, e.published FROM packages p"
      " JOIN search_entries e ON e.package = p.id WHERE p.id = ?",
      [&](const Row& row) {
        return SearchHit{row.text(0),
                         row.text(1),
                         row.time(2),
                         std::move(*owners),
                         std::min(1.0, candidate.score()),
                         week,
                         month};
      },
      package);
}

}  // namespace

Result<SearchPage> search_packages(Connection& db, const SearchQuery& query) {
  const Snapshot snapshot(db);
  std::optional<UserId> maintainer;
  if (!query.maintainer.empty()) {
    const auto id = db.number("SELECT id FROM users WHERE name = ?", query.maintainer);
    if (!id) return std::unexpected(id.error());
    if (!*id) return SearchPage{};
    maintainer = UserId(**id);
  }
  const auto ask = search_expressions(query, maintainer);
  if (!ask) return SearchPage{};

  const std::size_t from = std::min<std::size_t>(query.from, 10'000);
  const std::size_t end = from + std::min<std::size_t>(query.size, 250);
  auto found = find_candidates(db, query, *ask, std::max(kCounted, end + 1));
  if (!found) return fail(found);
  SearchPage page;
  page.total = found->size();
  for (std::size_t i = from; i < std::min(end, found->size()); ++i) {
    auto hit = load_hit(db, (*found)[i], query.today);
    if (!hit) return fail(hit);
    if (*hit) page.hits.push_back(std::move(**hit));
  }
  return page;
}

}  // namespace kontor::sqlite
