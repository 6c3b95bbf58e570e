#pragma once
// Records on their way into a registry, in batches, with an account of what became of them.
#include "apps/cli/advisory/advisory_desk.h"

#include <array>
#include <iosfwd>
#include <map>

namespace kontor::cli {

struct RefusedAdvisory {
  std::string source;
  std::string reason;
};

struct ImportReport {
  std::map<std::string, std::uint64_t> outcomes;  // added, changed, unchanged, outdated
  std::vector<RefusedAdvisory> refused;
  std::uint64_t total() const;
};

// Everything below `path`. What is refused is in the report; an error ends the import, and what was
// stored before it stays.
Result<ImportReport> import_path(AdvisoryDesk& desk, const std::string& path);

Json to_json(const ImportReport& report);
void print(std::ostream& out, std::ostream& err, const ImportReport& report);

}  // namespace kontor::cli
