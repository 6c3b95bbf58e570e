// OSV records: what is accepted reads back the same from its canonical and its stored form, and the
// range for npm's clients says of every version it mentions what the evaluation says.
#include "base/check.h"
#include "domain/advisory/affected.h"
#include "domain/semver_range.h"
#include "formats/npm/advisory_range.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

using namespace kontor;

constexpr RangeOptions kNpmOptions = {.grammar = Grammar::loose, .include_prerelease = true};
constexpr std::size_t kMostVersions = 64;  // of one package: the check is quadratic

std::vector<std::string> mentioned(std::span<const Affected> affected) {
  std::vector<std::string> versions;
  for (const Affected& entry : affected) {
    versions.insert(versions.end(), entry.versions.begin(), entry.versions.end());
    for (const OsvRange& range : entry.ranges)
      for (const OsvEvent& event : range.events) versions.push_back(event.version);
  }
  return versions;
}

// node-semver compares numbers from 2^53 on as doubles, which is no order: nothing can agree there.
bool has_large_number(const std::string& version) {
  std::size_t digits = 0;
  for (const char c : version)
    if ((digits = c >= '0' && c <= '9' ? digits + 1 : 0) > 15) return true;
  return false;
}

void check_ranges(std::span<const Affected> affected) {
  const auto text = npm::vulnerable_range(affected);
  const auto range = text.empty() ? Result<Range>(Range()) : parse_range(text, kNpmOptions);
  if (!range) return;  // longer than what our own reader takes
  const auto versions = mentioned(affected);
  if (versions.size() > kMostVersions || std::ranges::any_of(versions, has_large_number)) return;
  for (const auto& version : versions) {
    const auto read = parse_version_loose(version);
    if (!read) continue;
    const bool by_range = !text.empty() && satisfies(*read, *range);
    check(by_range == is_affected(affected, version, npm::version_order),
          "range and evaluation disagree");
  }
  (void)npm::patched_range(affected);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView text(reinterpret_cast<const char*>(data), size);
  const auto advisory = parse_osv(text);
  if (!advisory) return 0;
  const auto canonical = canonical_osv(*advisory);
  const auto again = parse_osv(ByteView(canonical));
  check(again && canonical_osv(*again) == canonical, "the canonical form reads back otherwise");
  for (const PackageAdvisory& package : by_package(*advisory)) {
    const auto stored = parse_package_advisory(print_package_advisory(package));
    check(stored && *stored == package, "the stored form reads back otherwise");
    check_ranges(package.affected);
  }
  return 0;
}
