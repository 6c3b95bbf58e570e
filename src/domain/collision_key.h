#pragma once
// Keys under which names that people take for one another collide (trust.md 6.2 row 2). A new name
// whose key another package has is refused or put before an administrator.
#include "domain/package_name.h"

#include <string>
#include <string_view>

namespace kontor {

// Lower case, without . _ and -, then l and i as 1, o as 0, rn as m, vv as w. Folding a key gives
// the same key. Knows ASCII only, for no name grammar of ours lets other letters (a Cyrillic a)
// through; their bytes stay as they are.
std::string collision_key(std::string_view part);
// "@scope/base" or "base", each part folded. A scope has owners who may want two similar names in
// it: whoever asks decides whether scoped names are compared at all.
std::string collision_key(const PackageName& name);

// True where inserting, deleting or replacing one byte, or swapping two neighbours, makes one text
// the other (Damerau-Levenshtein distance at most 1): `reactt` and `react`.
bool within_one_edit(std::string_view a, std::string_view b);

}  // namespace kontor
