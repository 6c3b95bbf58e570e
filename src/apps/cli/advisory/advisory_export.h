#pragma once
// Records on their way out of a registry.
#include "apps/cli/advisory/advisory_desk.h"
#include "domain/advisory/osv.h"

#include <functional>
#include <iosfwd>

namespace kontor::cli {

// All of them in order of ids, page by page; ends with the first error of `take`.
Result<void> each_advisory(AdvisoryDesk& desk, const std::function<Result<void>(Json)>& take);

// One JSON object a line; the number of them.
Result<std::uint64_t> export_lines(AdvisoryDesk& desk, std::ostream& out);
// ID.json for each, in a folder that is made when missing.
Result<std::uint64_t> export_folder(AdvisoryDesk& desk, const std::string& folder);
// The same in a ZIP archive, as OSV's dumps are: the same bytes for the same records. It takes its
// place when it is whole.
Result<std::uint64_t> export_zip(AdvisoryDesk& desk, const std::string& path);

// Id, severity, date, packages and summary in one line.
void print_line(std::ostream& out, const Advisory& advisory);

}  // namespace kontor::cli
