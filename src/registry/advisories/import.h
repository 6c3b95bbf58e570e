#pragma once
// Taking advisories in. Row ADV-02.
#include "base/json.h"
#include "registry/actor.h"
#include "registry/advisories/ports.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor {

// What became of one document: an outcome or the reason why it was refused.
struct ImportResult {
  std::string id;
  std::optional<AdvisoryOutcome> outcome;
  std::optional<Error> refused;
};

struct ImportOptions {
  // Records of one's own: an id and a time are made where they are missing, and what was modified
  // later is replaced.
  bool own = false;
};

inline constexpr std::size_t kMaxImport = 1000;

// Stores all that are fit, in one batch; a result for each document, in order. What is stored is
// durable and packages it names are scanned when this has succeeded. too_large over kMaxImport.
Task<std::vector<ImportResult>> import_advisories(AdvisoryPorts ports, Actor actor,
                                                  std::vector<Json> documents,
                                                  ImportOptions options);

// Merges `patch` into a stored record (RFC 7396); its time of change becomes now, and "withdrawn":
// true stands for now. Yields the record. not_found where there is none; the id cannot change.
Task<Advisory> patch_advisory(AdvisoryPorts ports, Actor actor, std::string id, Json patch);

}  // namespace kontor
