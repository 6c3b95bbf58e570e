#pragma once
// Folds names that a file system may take for the same file.
#include "base/bytes.h"

#include <string>

namespace kontor {

// `name` is one component of a path in valid UTF-8. Two names with one fold collide where case does
// not count (Windows, macOS): simple case folding of the Latin, Greek, Cyrillic, Armenian and
// full-width letters, and spaces and dots at the end dropped as Windows does. Composed and
// decomposed accents (NFC, NFD) are not unified: that needs tables larger than the rest of
// archive/.
std::string fold_name(ByteView name);

}  // namespace kontor
