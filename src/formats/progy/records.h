#pragma once
// The stored texts of one version: what resolving tells of it, and its line in the list of
// versions. Rows PRG-04, PRG-07.
#include "domain/archive_report.h"
#include "formats/progy/course.h"
#include "ports/package_records.h"
#include "registry/format.h"
#include "registry/publication.h"

#include <string>

namespace kontor::progy {

extern const Format kProgy;

// What a publisher says of a version beside the artifact.
struct Metadata {
  PackageName name;
  std::string version;
  std::string description;
  std::string changelog;
  std::optional<bool> is_private;
  bool force = false;  // put it in the place of a published version; row D-10
};

// All but publisher and time, which publish() fills in. Descriptions are the metadata's, else the
// course's.
Publication make_publication(const Metadata& metadata, const Course& course,
                             const ArchiveReport& report, const BlobDigests& artifact);

// An address of an artifact as row D-07 has it: "packages/@user/slug/v1.0.0.progy".
std::string storage_key(std::string_view package, std::string_view version);

// The stored document with another description.
std::string with_description(const std::string& document, const std::string& description);

}  // namespace kontor::progy
