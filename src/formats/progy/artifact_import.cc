// The same steps as the route's, without a form around the artifact.
#include "formats/progy/artifact_import.h"

#include "formats/progy/contents.h"

namespace kontor::progy {

Task<Upload> stage_artifact(Registry& registry, std::unique_ptr<http::BodyReader> bytes) {
  Upload out;
  const auto check = registry.processor.begin(artifact_request());
  out.artifact = co_await registry.blobs.stage();
  for (;;) {
    const ByteView piece = co_await bytes->read();
    if (piece.empty()) break;
    co_await check->feed(piece);
    co_await out.artifact->append(piece);
  }
  out.report = co_await check->finish();
  out.digests = co_await out.artifact->seal();
  co_return std::move(out);
}

Task<Published> publish_staged(Registry& registry, Actor actor, Upload artifact, Metadata metadata,
                               std::optional<Timestamp> at) {
  const auto course = co_await read_contents(artifact.report);
  co_await check_agrees(course, metadata.name, metadata.version);
  auto publication = make_publication(metadata, course, artifact.report, artifact.digests);
  publication.version.readme = readme_of(artifact.report);
  publication.at = at;
  co_return co_await publish(registry, kProgy, std::move(actor), std::move(publication),
                             std::move(artifact.artifact));
}

}  // namespace kontor::progy
