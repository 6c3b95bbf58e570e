#pragma once
// The whole log against the whole registry: every entry and tile is hashed, every release that the
// log tells of is fetched and hashed, and every packument holds what the log says and no more.
#include "apps/cli/log/session.h"

#include "logclient/full_read.h"
#include <nlohmann/json.hpp>

namespace kontor::cli {

struct FullAudit {
  logclient::FullRead read;
  std::uint64_t packages = 0;
  std::uint64_t releases = 0;   // published, and not withdrawn since
  std::uint64_t withdrawn = 0;  // not served, and must not be
};

// The first difference ends it, with an error that names both sides. Memory grows with the number
// of releases.
Result<FullAudit> audit_log(RegistryClient& client, LogSession& session);

nlohmann::ordered_json json_of(const FullAudit& audit);
std::string words_of(const FullAudit& audit);

}  // namespace kontor::cli
