// Search and lists by brute force, in the ranking every adapter shares: exact name, then words in
// the name, then exact keywords, then words anywhere; more downloads first within each.
#include "adapters/memory/package_store.h"
#include "base/encoding.h"

#include <algorithm>
#include <bit>
#include <cctype>

namespace kontor::memory {
namespace {

constexpr std::size_t kMaxWords = 16;

using Tokens = std::vector<std::string>;

// Runs of letters, digits and non-ASCII bytes, in lower case.
Tokens tokens_of(std::string_view text) {
  Tokens tokens;
  bool inside = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool part = byte >= 0x80 || std::isalnum(byte);
    if (part && !inside) tokens.emplace_back();
    if (part) tokens.back() += static_cast<char>(byte < 0x80 ? std::tolower(byte) : byte);
    inside = part;
  }
  return tokens;
}

// True where the tokens of `word` stand side by side in `text`, the last one as a prefix.
bool holds_phrase(const Tokens& text, const Tokens& word) {
  if (word.empty() || text.size() < word.size()) return false;
  for (std::size_t at = 0; at + word.size() <= text.size(); ++at) {
    std::size_t i = 0;
    while (i + 1 < word.size() && text[at + i] == word[i]) ++i;
    if (i + 1 == word.size() && text[at + i].starts_with(word[i])) return true;
  }
  return false;
}

enum class Tier { exact_name, name, keyword, text, none };

struct Candidate {
  const PackageRow* row;
  Tier tier;
  int bucket;
};

struct Matcher {
  const Database& database;
  const SearchQuery& query;
  std::vector<Tokens> words;

  bool has_keyword(const SearchEntry& entry, std::string_view keyword) const {
    return std::ranges::any_of(entry.keywords,
                               [&](const auto& own) { return equal_ignoring_case(own, keyword); });
  }
  bool keywords_fit(const SearchEntry& entry) const {
    const auto has = [&](const auto& keyword) { return has_keyword(entry, keyword); };
    return (query.keywords_any.empty() || std::ranges::any_of(query.keywords_any, has)) &&
           std::ranges::all_of(query.keywords_all, has) &&
           std::ranges::none_of(query.keywords_none, has);
  }
  bool maintained_by(const PackageRow& row, const std::string& name) const {
    return std::ranges::any_of(owners_of(database, row), [&](const Owner& owner) {
      return owner.name == name && owner.role == OwnerRole::maintainer;
    });
  }
  bool qualifiers_fit(const PackageRow& row) const {
    const SearchEntry& entry = row.entry->entry;
    if (!visible_to(row, query.viewer)) return false;
    if (!query.scope.empty() && !row.key.name.starts_with("@" + query.scope + "/")) return false;
    if (!query.maintainer.empty() && !maintained_by(row, query.maintainer)) return false;
    if (!query.author.empty() && !holds_phrase(tokens_of(entry.author), tokens_of(query.author)))
      return false;
    if (query.deprecated && *query.deprecated != entry.deprecated) return false;
    if (query.unstable && *query.unstable != entry.unstable) return false;
    return keywords_fit(entry);
  }
  bool all_words_in(const std::vector<Tokens>& fields) const {
    return std::ranges::all_of(words, [&](const Tokens& word) {
      return std::ranges::any_of(fields,
                                 [&](const Tokens& field) { return holds_phrase(field, word); });
    });
  }
  Tier tier_of(const PackageRow& row) const {
    if (query.words.empty()) return Tier::text;
    if (words.empty()) return Tier::none;  // words without a letter or digit find nothing
    const SearchEntry& entry = row.entry->entry;
    const Tokens name = tokens_of(row.key.name);
    std::string joined;
    for (const auto& word : query.words) joined += (joined.empty() ? "" : "-") + word;
    if (equal_ignoring_case(joined, row.key.name)) return Tier::exact_name;
    if (all_words_in({name})) return Tier::name;
    if (std::ranges::all_of(query.words, [&](auto& word) { return has_keyword(entry, word); }))
      return Tier::keyword;
    std::vector<Tokens> fields = {name, tokens_of(entry.description), tokens_of(entry.author)};
    for (const auto& keyword : entry.keywords) fields.push_back(tokens_of(keyword));
    return all_words_in(fields) ? Tier::text : Tier::none;
  }
};

std::vector<Candidate> candidates(const Database& database, const SearchQuery& query) {
  Matcher matcher{database, query, {}};
  for (const auto& word : query.words)
    if (auto tokens = tokens_of(word); !tokens.empty() && matcher.words.size() < kMaxWords)
      matcher.words.push_back(std::move(tokens));
  std::vector<Candidate> found;
  for (const auto& [key, row] : database.packages) {
    if (key.format != query.format || !row.entry || !matcher.qualifiers_fit(row)) continue;
    if (const Tier tier = matcher.tier_of(row); tier != Tier::none)
      found.push_back({&row, tier, static_cast<int>(std::bit_width(row.downloads))});
  }
  std::ranges::sort(found, {},
                    [](const Candidate& c) { return std::tuple(c.tier, -c.bucket, c.row->id); });
  return found;
}

double score_of(const Candidate& candidate) {
  constexpr double kBase[] = {1.0, 0.7, 0.4, 0.1};
  const double base = kBase[static_cast<int>(candidate.tier)];
  return candidate.tier == Tier::exact_name ? base : base + 0.25 * candidate.bucket / 64;
}

std::uint64_t downloads_between(const Database& database, const PackageKey& key, Day first,
                                Day last) {
  std::uint64_t sum = 0;
  for (auto it = database.downloads.lower_bound({key, first});
       it != database.downloads.end() && it->first <= std::pair(key, last); ++it)
    for (const auto& [version, count] : it->second) sum += count;
  return sum;
}

SearchHit hit_of(const Database& database, const SearchQuery& query, const Candidate& candidate) {
  const PackageRow& row = *candidate.row;
  const Day week{query.today.number - 6}, month{query.today.number - 29};
  return {row.key.name,
          row.entry->entry.document,
          row.entry->published,
          owners_of(database, row),
          score_of(candidate),
          downloads_between(database, row.key, week, query.today),
          downloads_between(database, row.key, month, query.today)};
}

}  // namespace

SearchPage search_packages(const Database& database, const SearchQuery& query) {
  const auto found = candidates(database, query);
  SearchPage page;
  page.total = found.size();
  const std::size_t end = std::min<std::size_t>(found.size(), std::size_t{query.from} + query.size);
  for (std::size_t i = query.from; i < end; ++i)
    page.hits.push_back(hit_of(database, query, found[i]));
  return page;
}

std::vector<PackageListing> list_packages(const Database& database, const PackageListQuery& query) {
  std::vector<PackageListing> listings;
  for (const auto& [key, row] : database.packages) {
    if (listings.size() >= query.limit) break;
    const auto* owner = query.owned_by ? row.find_owner(*query.owned_by) : nullptr;
    const bool wanted = key.format == query.format && key.name > query.after &&
                        (query.scope.empty() || key.name.starts_with("@" + query.scope + "/")) &&
                        (!query.owned_by || owner) &&
                        (!query.modified_since || row.modified >= *query.modified_since);
    if (!wanted || !visible_to(row, query.viewer)) continue;
    listings.push_back({key.name, owner ? owner->second : OwnerRole::reader, row.modified,
                        row.entry ? row.entry->entry.document : ""});
  }
  return listings;
}

}  // namespace kontor::memory
