#pragma once
// Receiving an archive: multipart/form-data with the part `archive` and perhaps `metadata`, or the
// archive alone. It goes to a staged blob and to the processor at once, so that memory does not
// grow with it. Row ORI-04.
#include "domain/archive_report.h"
#include "formats/ori/service.h"
#include "http/route.h"
#include "registry/publish.h"

#include <memory>
#include <string>

namespace kontor::ori {

struct Upload {
  std::unique_ptr<BlobWriter> archive;  // sealed
  BlobDigests digests;
  ArchiveReport report;
  std::string metadata;  // JSON text; empty where none was sent
};

// Reads the whole body. The permission to publish `target` is checked before a byte is read.
Task<Upload> receive_upload(Service& service, const http::Call& call, PublishTarget target);

}  // namespace kontor::ori
