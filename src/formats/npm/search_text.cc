// Split into tokens, then one function for each qualifier.
#include "formats/npm/search_text.h"

#include <algorithm>

#include "formats/npm/manifest.h"
#include "formats/npm/name_rules.h"

namespace kontor::npm {
namespace {

constexpr std::size_t kMaxWords = 16;
constexpr std::size_t kMaxWord = kMaxNameLength;  // bytes; longer ones are cut, never left out

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The next token without its quotes; spaces inside quotes belong to it.
std::string next_token(std::string_view& text) {
  std::string token;
  bool quoted = false;
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && (quoted || !is_space(text.front()))) {
    if (text.front() == '"') quoted = !quoted;
    else token += text.front();
    text.remove_prefix(1);
  }
  return token;
}

template <class Visit>
void split(std::string_view text, char separator, Visit visit) {
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    if (end > 0) visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void add(std::vector<std::string>& words, std::string_view word) {
  if (word.empty() || words.size() >= kMaxWords) return;
  words.push_back(cut_text(std::string(word), kMaxWord));
}

void add_keywords(SearchQuery& query, std::string_view value) {
  split(value, ',', [&](std::string_view item) {
    if (item.starts_with('-')) return add(query.keywords_none, item.substr(1));
    if (item.find('+') == item.npos) return add(query.keywords_any, item);
    split(item, '+', [&](std::string_view word) { add(query.keywords_all, word); });
  });
}

void add_state(SearchText& out, std::string_view state, bool wanted) {
  if (state == "unstable") out.query.unstable = wanted;
  if (state == "deprecated") out.query.deprecated = wanted;
  if (state == "insecure" && wanted) out.matches_nothing = true;
}

// False where `name` is no qualifier.
bool add_qualifier(SearchText& out, std::string_view name, std::string value) {
  if (value.starts_with('@') && name != "keywords") value.erase(0, 1);
  if (name == "author") out.query.author = value;
  else if (name == "maintainer") out.query.maintainer = value;
  else if (name == "scope") out.query.scope = value;
  else if (name == "keywords") add_keywords(out.query, value);
  else if (name == "is" || name == "not") add_state(out, value, name == "is");
  else return name == "boost-exact";
  return true;
}

}  // namespace

SearchText parse_search_text(std::string_view text) {
  SearchText out;
  while (!text.empty()) {
    const auto token = next_token(text);
    const auto colon = token.find(':');
    if (colon != token.npos &&
        add_qualifier(out, token.substr(0, colon), token.substr(colon + 1)))
      continue;
    add(out.query.words, token);
  }
  return out;
}

}  // namespace kontor::npm
