#pragma once
// Where advisories come from: a file, every .json file below a folder, or a ZIP archive of them.
// OSV records as they are, CVE records translated.
#include "base/error.h"
#include "base/json.h"

#include <functional>
#include <string>

namespace kontor::cli {

struct FoundAdvisory {
  std::string source;  // file, and entry of an archive
  Result<Json> record;
  std::size_t bytes = 0;  // of its text
};

// Calls `take` for each until it says false. What cannot be read or is no JSON is passed on with
// its error, so that one bad file does not end an import. not_found where there is no `path`;
// invalid_archive where it is a ZIP archive that cannot be opened.
Result<void> read_advisories(const std::string& path,
                             const std::function<bool(FoundAdvisory)>& take);

// The record in a text, whichever of the two forms it has.
Result<Json> read_advisory(ByteView text);

}  // namespace kontor::cli
