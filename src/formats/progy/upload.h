#pragma once
// Receiving an artifact: multipart/form-data with the parts `file` and `metadata`, in any order.
// The file goes to a staged blob and to the processor at once, so that memory does not grow with
// it. Row PRG-01.
#include "domain/archive_report.h"
#include "formats/progy/service.h"
#include "http/route.h"

#include <memory>
#include <string>

namespace kontor::progy {

struct Upload {
  std::unique_ptr<BlobWriter> artifact;  // sealed
  BlobDigests digests;
  ArchiveReport report;
  std::string metadata;  // JSON text; empty where none was sent
};

// Reads the whole body. too_large as soon as the file is over its limit; missing_attachment where
// there is none, or it is not called *.progy.
Task<Upload> receive_upload(Service& service, const http::Call& call);

}  // namespace kontor::progy
