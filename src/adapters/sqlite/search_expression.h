#pragma once
// From a search query to full-text expressions. Whatever stands in the query ends inside quotes.
#include "ports/package_store.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor::sqlite {

struct SearchExpressions {
  // What every tier asks besides its words: visibility and qualifiers; never empty.
  std::string filter;
  // Tiers in order of rank; empty text: the tier does not apply.
  std::string names;     // all words in the name
  std::string keywords;  // every word is a keyword
  std::string texts;     // all words somewhere, as whole words
  std::string prefixes;  // all words somewhere, each also as a prefix
  // The author stands only in the index of texts, so all tiers must ask that one.
  bool texts_only = false;
};

// `maintainer` is the id behind query.maintainer. Nothing where no package can match.
std::optional<SearchExpressions> search_expressions(const SearchQuery& query,
                                                    std::optional<UserId> maintainer);

}  // namespace kontor::sqlite
