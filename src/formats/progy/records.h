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

// The stored document with other words about the course; empty ones are none.
std::string with_words(const std::string& document, const char* member, const std::string& text);

// How a course stands for the marketplace. The first two only say what its visibility is.
inline constexpr std::string_view kPublished = "published";
inline constexpr std::string_view kDraft = "draft";
inline constexpr std::string_view kInDevelopment = "in_development";  // a draft, too
inline constexpr std::string_view kArchived =
    "archived";  // left out of lists, and served as before

// Of the latest version's document, or of its search entry's.
std::string status_of(const Json& document, Visibility visibility);

}  // namespace kontor::progy
