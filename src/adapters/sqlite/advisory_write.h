#pragma once
// One batch of advisories inside the writer's transaction. Part of AdvisoryStore.
#include "adapters/sqlite/connection.h"
#include "ports/advisory_store.h"

namespace kontor::sqlite {

Result<std::vector<AdvisoryOutcome>> write_advisories(Connection& db, const AdvisoryBatch& batch);

}  // namespace kontor::sqlite
