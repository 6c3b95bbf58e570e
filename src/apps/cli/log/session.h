#pragma once
// One command's dealings with one log of a registry: the pin is held, the checkpoint verified, and
// what was verified is remembered at the end.
#include "adapters/system/sodium_ed25519.h"
#include "apps/cli/log/pin.h"
#include "apps/cli/log/sources.h"
#include "tlog/entry_proof.h"

#include "logclient/log_view.h"
#include "logclient/release_check.h"

#include <map>
#include <memory>
#include <optional>

namespace kontor::cli {

class LogSession {
 public:
  // Reads and verifies the checkpoint. The client outlives the session.
  static Result<std::unique_ptr<LogSession>> open(const CommandContext& context,
                                                  RegistryClient& client, const std::string& log);
  LogSession(const LogSession&) = delete;
  LogSession& operator=(const LogSession&) = delete;

  logclient::LogView& view() { return *view_; }
  logclient::LogSource& source() { return source_; }
  const std::string& log() const { return log_; }
  const std::string& folder() const { return pin_.folder(); }
  const tlog::Policy& policy() const { return pin_.policy(); }

  // The leaf that tells of the release's publishing, with its proof, verified. not_found where the
  // log has none; invalid_proof and the like where it does not hold.
  Result<tlog::EntryProof> prove(const logclient::Release& release);
  // To be called when all was verified. Durable on success.
  Result<void> remember() { return pin_.remember(view_->note()); }

 private:
  LogSession(RegistryClient& client, const std::string& log, Pin pin)
      : client_(client), log_(log), source_(client, log), pin_(std::move(pin)) {}

  RegistryClient& client_;
  std::string log_;
  RegistryLog source_;
  Pin pin_;
  host::SodiumEd25519 ed25519_;
  std::optional<logclient::LogView> view_;
};

// The logs that may tell of a release: the public one, and the private one where its key is pinned.
class LogSessions {
 public:
  // Without a credential for it, a private log can be left out.
  static Result<LogSessions> open(const CommandContext& context, RegistryClient& client,
                                  bool with_private = true);

  struct Proved {
    tlog::EntryProof entry;
    tlog::Archive archive;
    LogSession* session = nullptr;
  };
  // not_found where no log tells of the release.
  Result<Proved> prove(const logclient::Release& release);
  Result<void> remember();
  LogSession& open_log() { return *sessions_.front(); }

 private:
  std::vector<std::unique_ptr<LogSession>> sessions_;
};

// The digests of the release's archive as the registry serves it. not_found where it serves none.
Result<logclient::ArchiveDigests> fetch_archive(RegistryClient& client,
                                                const logclient::Release& release);
Result<logclient::ArchiveDigests> hash_file(const std::string& path);

// What the packument says of each version that is served: its integrity, empty where it has none.
// Empty where the registry serves no such package.
using Integrities = std::map<std::string, std::string>;
Result<Integrities> fetch_integrities(RegistryClient& client, const std::string& package);

// Whether the packument's `integrity` of a release and its served archive are what was logged;
// checksum_mismatch with both sides otherwise.
Result<void> check_served(RegistryClient& client, const logclient::Release& release,
                          const tlog::Archive& logged, const std::string& integrity);

}  // namespace kontor::cli
