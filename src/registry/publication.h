#pragma once
// Everything a format learnt from an upload, in terms that all formats share.
#include "ports/package_records.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor {

struct Publication {
  PackageKey key;
  std::string scope;                     // of the name, without '@'; empty: none
  std::string collision_key;             // of the name
  VersionRecord version;                 // the pipeline fills in publisher and time
  std::vector<std::string> tags;         // to point at this version
  std::optional<Visibility> visibility;  // wanted for a new package; nothing: the default
  SearchEntry search;
  std::vector<Attestation> attestations;
  std::optional<Timestamp> at;  // when it counts as published; nothing: when it is committed
  Sha256 manifest;              // digest of what an installer obeys, as the format defines it
};

}  // namespace kontor
