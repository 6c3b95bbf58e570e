#pragma once
// The text of a search: words and qualifiers. Row SEA-01. No text is an error.
#include "ports/package_store.h"

#include <string_view>

namespace kontor::npm {

// Words and qualifiers of `text` as a query of npm packages; viewer and paging are left alone.
//   author:a  maintainer:a  scope:s  keywords:a,b (any) a+b (all) a,-b (none)
//   is:unstable  not:unstable  is:deprecated  not:deprecated  is:insecure  not:insecure
//   boost-exact:false (no effect)   name:"two words" where a value has spaces
// At most 16 words count, each up to the length of a package name.
struct SearchText {
  SearchQuery query;
  bool matches_nothing = false;  // is:insecure: no package here is known to be
};
SearchText parse_search_text(std::string_view text);

}  // namespace kontor::npm
