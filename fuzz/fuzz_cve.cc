// CVE records: what is translated is an OSV record or is refused by the reader of those.
#include "domain/advisory/cve.h"
#include "domain/advisory/osv.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kontor;
  auto record = parse_json({reinterpret_cast<const char*>(data), size}, osv_json_limits());
  if (!record || !is_cve_record(*record)) return 0;
  auto osv = osv_of_cve(std::move(*record));
  if (!osv) return 0;
  if (const auto advisory = parse_osv(std::move(*osv))) (void)by_package(*advisory);
  return 0;
}
