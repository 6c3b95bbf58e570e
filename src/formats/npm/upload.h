#pragma once
// Receiving the body of a PUT: the tarball inside goes to a staged blob while it is inspected, so
// that memory does not grow with it.
#include "domain/archive_report.h"
#include "formats/npm/envelope_reader.h"
#include "formats/npm/service.h"
#include "http/route.h"
#include "registry/publish.h"

#include <memory>
#include <optional>

namespace kontor::npm {

struct Upload {
  Envelope envelope;
  // Of a publish only; the writer is sealed.
  std::unique_ptr<BlobWriter> archive;
  BlobDigests digests;
  std::optional<ArchiveReport> report;
  std::vector<Owner> owners;  // of the package; none where it would be new
};

// What is asked of the inspection of a tarball.
ArchiveRequest tarball_request(const PublishSettings& settings);

// Reads the whole body. The permission to publish `target` is checked when the first byte of a
// tarball arrives, before anything is stored.
Task<Upload> receive_upload(Registry& registry, const http::Call& call, PublishTarget target);

}  // namespace kontor::npm
