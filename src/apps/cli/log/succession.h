#pragma once
// When a log gets another key: who has pinned the old one hears of it, and takes the new one over
// as long as the old one vouches for it, which is while both sign the same checkpoints.
#include "apps/cli/log/session.h"

namespace kontor::cli {

// Pins `next` in the place of the pinned key of its log where a checkpoint that continues the
// remembered one bears the signatures of both, and remembers that checkpoint, whose head it yields.
// Nothing where the pinned key does not vouch for it, or is the same.
Result<std::optional<tlog::Head>> take_over_key(const CommandContext& context,
                                                RegistryClient& client, const std::string& log,
                                                const tlog::NoteKey& next);

// Says on `context.err` where the newest key that signs, as far as the checkpoint names it, is not
// pinned.
void tell_of_new_key(const CommandContext& context, const std::string& registry,
                     LogSession& session);

// With what to do, where the pinned key has not signed the checkpoint that is served.
Error with_advice(Error error, logclient::LogSource& source, const tlog::Policy& policy,
                  const std::string& registry);

}  // namespace kontor::cli
