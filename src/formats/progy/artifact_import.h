#pragma once
// Taking a version from its artifact and from what another registry's tables say of it. What is
// stored is what a publish of the same artifact would leave, but for its time. Row PRG-06.
#include "formats/progy/metadata.h"
#include "formats/progy/upload.h"
#include "registry/publish.h"

#include <memory>
#include <optional>

namespace kontor::progy {

// Reads all of `bytes`, in memory that does not grow with them. Fails as a publish of the same
// artifact would.
Task<Upload> stage_artifact(Registry& registry, std::unique_ptr<http::BodyReader> bytes);

// Publishes it as of `at`; nothing: now. Its course.json must agree with the metadata. See
// registry/publish.h for what is durable then.
Task<Published> publish_staged(Registry& registry, Actor actor, Upload artifact, Metadata metadata,
                               std::optional<Timestamp> at);

}  // namespace kontor::progy
