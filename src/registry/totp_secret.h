#pragma once
// The secret of a user's authenticator app, which stores keep sealed.
#include "base/task.h"
#include "registry/registry.h"

namespace kontor {

void seal_totp_secret(Registry& registry, User& user, std::string_view secret);

// storage_failed where it does not open with this host's key: its file was lost or exchanged.
Result<Bytes> open_totp_secret(const Registry& registry, const User& user);

struct TotpSecrets {
  std::uint64_t sealed_now = 0;  // stood open in the store until now
  std::uint64_t unreadable = 0;  // these users can log in with recovery codes only
};
// Seals what an earlier version stored open, and tries to open all others. For a host to call once
// at its start, before it serves.
Task<TotpSecrets> seal_stored_totp_secrets(Registry& registry);

}  // namespace kontor
