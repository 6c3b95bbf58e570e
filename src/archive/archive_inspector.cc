// The choice by form.
#include "archive/archive_inspector.h"

#include "archive/tarball_inspector.h"
#include "archive/zip_inspector.h"

namespace kontor {

std::unique_ptr<ArchiveInspector> make_inspector(ArchiveRequest request) {
  if (request.form == ArchiveForm::zip) return std::make_unique<ZipInspector>(std::move(request));
  return std::make_unique<TarballInspector>(std::move(request));
}

}  // namespace kontor
