#pragma once
// Leaves of what no command changes: settings of the registry and its signing keys. Each is told
// when it is first so and whenever it is otherwise; telling it again costs a read. All of it goes
// into the public log, with a row of the audit trail, by the registry itself.
#include "ports/log_key_keeper.h"
#include "ports/log_store.h"
#include "ports/release_signer.h"
#include "ports/signer.h"
#include "registry/settings.h"
#include "tlog/note_key.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor {

// The rules in force. For the host at its start and after each reload.
Task<std::uint32_t> tell_policy(LogStore& log, Timestamp now, const Settings& settings);

struct RegistryKey {
  std::string use;  // what it signs: [a-z][a-z0-9_]*
  std::string id;   // as clients know it
  Sha256 sha256;    // of its SubjectPublicKeyInfo in DER
  std::optional<Timestamp> expires;
};
// The keys in use, and those that are not but still served. For the host at its start and after
// each rotation.
Task<std::uint32_t> tell_keys(LogStore& log, Timestamp now, std::vector<RegistryKey> keys);
// A log's key, as one of them; `since`: it signs no more from then on.
RegistryKey registry_key(LogId log, const tlog::NoteKey& key,
                         std::optional<Timestamp> since = std::nullopt);
RegistryKey registry_key(const ReleaseKey& key);

// Who holds the keys; all outlive the task.
struct KeyHolders {
  Signer& logs;
  LogKeyKeeper& keeper;
  ReleaseSigner& releases;
};
// All keys that there are and were.
Task<std::vector<RegistryKey>> registry_keys(KeyHolders holders);

}  // namespace kontor
