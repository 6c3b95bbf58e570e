// A flag of the package's row says whether there is anything to read.
#include "registry/advisories/findings.h"

namespace kontor {

Task<Findings> findings_about(Registry& registry, PackageRecord package) {
  if (!package.flagged) co_return Findings();
  co_return co_await parse_findings(co_await registry.packages.findings(package.id));
}

}  // namespace kontor
