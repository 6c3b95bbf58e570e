#pragma once
// JSON in its canonical form (RFC 8785), for digests that everybody can compute again.
#include "base/bytes.h"
#include "base/json.h"

namespace kontor {

// Members sorted by their names' UTF-16 units, no white space, numbers as ECMAScript prints them.
// Text that is not UTF-8 is replaced as U+FFFD. Nesting costs stack: trees come from parse_json().
Bytes canonical_json(const Json& value);

}  // namespace kontor
