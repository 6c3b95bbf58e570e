#pragma once
// The stored texts of one version: the metadata document, and its line in the list of versions.
// Both are JSON objects whose last member is "deprecated"; what may change besides (standing, time,
// place in the log) is added when they are sent. Rows ORI-05, ORI-06.
#include "formats/ori/manifest.h"
#include "ports/package_records.h"
#include "registry/format.h"
#include "registry/publication.h"

#include <string>

namespace kontor::ori {

extern const Format kOri;

// "name-1.0.0.ori.tar.gz", without the scope.
std::string archive_file_name(const std::string& package, const std::string& version);

// All but publisher and time, which publish() fills in.
Publication make_publication(const Manifest& manifest, const BlobDigests& archive);

// The stored text with these members behind its own; `members` is an object's inside, without
// braces.
std::string with_members(std::string fragment, const std::string& members);

}  // namespace kontor::ori
