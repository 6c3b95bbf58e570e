#pragma once
// Advisories as OSV records (schema 1.7): what the registry reads of one, and the record itself
// with every field it came with, known or not. Row ADV-01.
#include "base/json.h"
#include "base/time.h"
#include "domain/advisory/severity.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor {

struct OsvEvent {
  enum class Kind : std::uint8_t { introduced, fixed, last_affected, limit };
  Kind kind = Kind::introduced;
  std::string version;  // "0" comes before every version
  bool operator==(const OsvEvent&) const = default;
};

struct OsvRange {
  enum class Type : std::uint8_t { semver, ecosystem, git };
  Type type = Type::semver;
  std::vector<OsvEvent> events;  // as written
  bool operator==(const OsvRange&) const = default;
};

// One entry of `affected`.
struct Affected {
  std::string ecosystem;  // without the release after a colon
  std::string name;
  std::vector<OsvRange> ranges;
  std::vector<std::string> versions;
  bool operator==(const Affected&) const = default;
};

// What a listing shows of an advisory.
struct AdvisoryHead {
  std::string id;
  std::vector<std::string> aliases;
  std::string summary;  // one line; made of the details where the record has none
  std::string url;      // where a person reads more, http or https; may be empty
  Severity severity = Severity::unknown;
  std::optional<double> score;  // of the vector
  std::string vector;           // CVSS, the one with the highest score; may be empty
  std::vector<std::string> cwes;
  bool malicious = false;  // the package itself is the attack
  bool operator==(const AdvisoryHead&) const = default;
};

struct Advisory {
  AdvisoryHead head;
  Timestamp modified;
  std::optional<Timestamp> published;
  std::optional<Timestamp> withdrawn;  // set: nothing is affected any more
  std::vector<Affected> affected;
  Json document;  // the whole record
};

inline constexpr std::uint64_t kMaxAdvisoryBytes = 4u << 20;
inline constexpr std::size_t kMaxAdvisoryId = 128;

// Bounds for parse_json() of a record.
JsonLimits osv_json_limits();

// Letters, digits and . _ : -, beginning with a letter or digit.
bool is_advisory_id(std::string_view text);

// bad_request with the path of what is wrong: "affected[0].ranges[1].type: must be ...". The record
// needs an id, `modified`, and in `affected` what names packages and versions; everything else may
// be absent or of later schemas.
Result<Advisory> parse_osv(Json document);
Result<Advisory> parse_osv(ByteView text);

// The form whose SHA-256 is logged: RFC 8785.
Bytes canonical_osv(const Advisory& advisory);

// What the registry keeps ready for one package, so that asking about it reads no documents.
struct PackageAdvisory {
  AdvisoryHead head;
  std::vector<Affected> affected;  // entries about this package
  bool operator==(const PackageAdvisory&) const = default;
};
// One for each package that is affected, in order of first mention; none where it is withdrawn.
std::vector<PackageAdvisory> by_package(const Advisory& advisory);
Bytes print_package_advisory(const PackageAdvisory& advisory);
// Reads that again; storage_failed for anything else.
Result<PackageAdvisory> parse_package_advisory(ByteView text);

}  // namespace kontor
