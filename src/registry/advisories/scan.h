#pragma once
// The scanner: which versions that are here does an advisory affect, and what follows. Its work is
// proportional to the packages that new or changed advisories name. Row ORI-21.
#include "registry/actor.h"
#include "registry/advisories/ports.h"
#include "registry/publication.h"

#include <string>
#include <vector>

namespace kontor {

// The findings about versions of one package. Pure.
Findings find_affected(const std::vector<PackageAdvisory>& advisories,
                       const std::vector<std::string>& versions, const Format& format,
                       const std::vector<AdvisoryRule>& rules);

// Judges one package anew: stores its findings, puts versions into quarantine and releases others,
// with the tags that name them. One atomic change with its leaves, or none where all is as it was.
// True where something changed.
Task<bool> scan_package(AdvisoryPorts ports, PackageKey key);

// Scans every package that waits for it; the number of those that changed. After an error some are
// done, and the rest goes on waiting.
Task<std::size_t> scan_waiting(AdvisoryPorts ports);

// The same after making sure that everything was judged by the rules in force. For a host to call
// at its start, after a reload, and now and then.
Task<std::size_t> keep_scanned(AdvisoryPorts ports);

// What advisories say of a version in the making.
struct PublishVerdict {
  std::optional<IfAdvisories> demand;   // for the change that publishes
  std::optional<SetFindings> findings;  // set where the version is affected; needs `if_revision`
  bool quarantined = false;             // it is stored, but not served and not tagged
  std::string advisory;                 // that quarantines it
  std::vector<std::string> warnings;    // for the publisher; also about dependencies
};

// advisory_blocked where a rule refuses the version, or a dependency that only malicious or blocked
// versions can satisfy. `package` is nothing for a new name.
Task<PublishVerdict> judge_publish(AdvisoryPorts ports, std::optional<PackageRecord> package,
                                   const Publication& publication);

}  // namespace kontor
