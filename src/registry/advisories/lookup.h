#pragma once
// What is known about a package or one of its versions. Rows ADV-03, ADV-05.
#include "registry/advisories/ports.h"

#include <map>
#include <string>
#include <vector>

namespace kontor {

// An advisory about a version. Records that are aliases of each other are one: the one named here
// holds the ids, aliases and affected versions of them all.
struct AdvisoryMatch {
  PackageAdvisory advisory;
  std::optional<std::string> fixed;  // the lowest version above that is not affected
};

// Everything known about the package, in order of ids; `mark` as the store gives it.
struct KnownAdvisories {
  std::uint64_t mark = 0;
  std::vector<PackageAdvisory> advisories;
};
Task<KnownAdvisories> known_about(AdvisoryStore& store, AdvisorySubject subject);

// The same for many packages at once, by name, each asked once; those of which nothing is known are
// left out.
using AdvisoriesByName = std::map<std::string, std::vector<PackageAdvisory>>;
Task<AdvisoriesByName> known_about_each(AdvisoryStore& store, std::string ecosystem,
                                        std::vector<std::string> names);

// Those that affect the version, malicious and severe ones first. Pure.
std::vector<AdvisoryMatch> matches_of(const std::vector<PackageAdvisory>& advisories,
                                      const std::string& version, const Format* format);

// One for each group of aliases. Pure.
std::vector<PackageAdvisory> merge_aliases(std::vector<PackageAdvisory> advisories);

}  // namespace kontor
