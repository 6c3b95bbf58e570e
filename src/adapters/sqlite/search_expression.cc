// Words become quoted strings, in which FTS5 knows one special character: the quote, doubled.
#include "adapters/sqlite/search_expression.h"

#include "adapters/sqlite/search_index.h"

#include <algorithm>

namespace kontor::sqlite {
namespace {

// Beyond these a query is cut, not refused: nobody types so much.
constexpr std::size_t kMaxWords = 16;
constexpr std::size_t kMaxWordBytes = 100;
constexpr std::size_t kMaxKeywords = 16;

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, kMaxWordBytes)) {
    if (c == '\0') break;  // the parser would stop here and miss the closing quote
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

template <class Text>
std::string all_of(const std::vector<std::string>& words, Text text) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " AND ") + text(word);
  return out;
}

std::string facet_term(char kind, std::string_view text) {
  return in_quotes(facet(kind, text));
}

std::string any_keyword(const std::vector<std::string>& keywords) {
  std::string out;
  for (std::size_t i = 0; i < std::min(keywords.size(), kMaxKeywords); ++i)
    out += (i ? " OR " : "") + facet_term('k', keywords[i]);
  return out;
}

std::string visible_to(const Viewer& viewer) {
  const std::string open = in_quotes(facet('v', std::int64_t{0}));
  if (viewer.sees_all) return '(' + open + " OR " + in_quotes(facet('v', std::int64_t{1})) + ')';
  if (!viewer.user) return open;
  return '(' + open + " OR " + in_quotes(facet('o', viewer.user->value)) + ')';
}

std::string filter_of(const SearchQuery& query, std::optional<UserId> maintainer) {
  std::string facets = visible_to(query.viewer);
  const auto also = [&](const std::string& term) { facets += " AND " + term; };
  if (maintainer) also(in_quotes(facet('m', maintainer->value)));
  if (!query.scope.empty()) also(facet_term('s', query.scope));
  if (query.deprecated) also(in_quotes(facet('d', std::int64_t{*query.deprecated})));
  if (query.unstable) also(in_quotes(facet('u', std::int64_t{*query.unstable})));
  if (!query.keywords_any.empty()) also('(' + any_keyword(query.keywords_any) + ')');
  for (std::size_t i = 0; i < std::min(query.keywords_all.size(), kMaxKeywords); ++i)
    also(facet_term('k', query.keywords_all[i]));
  std::string filter = "facets : (" + facets + ')';
  if (!query.keywords_none.empty())
    filter = '(' + filter + ") NOT (facets : (" + any_keyword(query.keywords_none) + "))";
  if (!query.author.empty())
    filter = "author : (" + in_quotes(query.author) + " *) AND (" + filter + ')';
  return filter;
}

std::vector<std::string> usable(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  for (const auto& word : words)
    if (out.size() < kMaxWords && std::ranges::any_of(word.substr(0, kMaxWordBytes), is_word_byte))
      out.push_back(word);
  return out;
}

}  // namespace

std::optional<SearchExpressions> search_expressions(const SearchQuery& query,
                                                    std::optional<UserId> maintainer) {
  const auto words = usable(query.words);
  if (words.empty() && !query.words.empty()) return std::nullopt;
  if (!query.author.empty() && usable({query.author}).empty()) return std::nullopt;
  SearchExpressions out;
  out.filter = filter_of(query, maintainer);
  out.texts_only = !query.author.empty();
  if (words.empty()) return out;

  constexpr std::string_view kTexts = "{name keywords description author} : (";
  const auto prefix = [](const std::string& word) { return in_quotes(word) + " *"; };
  const auto rest = ") AND (" + out.filter + ')';
  out.names = "name : (" + all_of(words, prefix) + rest;
  out.keywords =
      "facets : (" + all_of(words, [](const auto& word) { return facet_term('k', word); }) + rest;
  out.texts = std::string(kTexts) + all_of(words, in_quotes) + rest;
  out.prefixes = std::string(kTexts) + all_of(words, prefix) + rest;
  return out;
}

}  // namespace kontor::sqlite
