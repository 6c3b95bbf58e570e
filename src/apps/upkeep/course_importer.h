#pragma once
// Takes the courses of another Progy registry over: its tables and the artifacts of its bucket.
#include "apps/upkeep/course_export.h"
#include "apps/upkeep/importer.h"

namespace kontor::upkeep {

class CourseImporter {
 public:
  // `artifacts` is a folder with the bucket's objects under their keys.
  CourseImporter(Importer& importer, std::string artifacts)
      : importer_(importer), artifacts_(std::move(artifacts)) {}

  // Publishes it as its author: the account that the scope names, else the importer's owner, who
  // must be an administrator then. Its time is the export's. Fails as a publish would; not_found
  // where there is no such artifact, checksum_mismatch where it has another checksum than the
  // table says. A version that is there already with the same bytes is told as repeated.
  Result<Published> take(const ExportedVersion& version);
  // Counts them, and keeps single ones that are young enough. Those of versions that are not here
  // are dropped.
  Result<void> take(const std::vector<ExportedDownload>& downloads);

 private:
  Importer& importer_;
  const std::string artifacts_;
};

}  // namespace kontor::upkeep
