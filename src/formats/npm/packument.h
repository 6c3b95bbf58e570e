#pragma once
// The document about a package, put together from its versions' fragments by appending text. Rows
// NPM-01, D-11.
#include "base/bytes.h"
#include "formats/npm/manifest.h"
#include "ports/package_records.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::npm {

enum class Form { full, abbreviated };

// `_rev` of a package: its revision and a hex tail, fit for URLs. Two states of one package never
// share one.
std::string revision_text(const std::string& name, std::uint64_t revision);
std::string revision_text(const PackageRecord& record);

// Maintainers as documents show them: owners who may publish.
std::vector<Person> maintainers_of(const std::vector<Owner>& owners);

// The document is these texts one behind the other: the head, the versions, the middle, the times,
// the tail. Versions and times may be made in several runs; `first` marks the first run. `latest`
// is the version that the tag latest names, or null; only the full form looks at it. `fragments`
// are of the kind that the form needs. `base` is the registry's URL, without a slash at the end.
Bytes packument_head(const PackageRecord& record, Form form);
void append_versions(Bytes& out, std::span<const VersionFragment> fragments, std::string_view base,
                     bool first);
Bytes packument_middle(const PackageRecord& record);
void append_times(Bytes& out, std::span<const VersionFragment> fragments);
// `more`: further members, each with a comma before it (advisory_members.h).
Bytes packument_tail(const PackageRecord& record, const VersionRecord* latest, Form form,
                     std::string_view more = {});

// All of it.
Bytes render_packument(const PackageRecord& record, std::span<const VersionFragment> fragments,
                       const VersionRecord* latest, Form form, std::string_view base);

}  // namespace kontor::npm
