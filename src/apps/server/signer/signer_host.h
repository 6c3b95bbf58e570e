#pragma once
// Where a server's signing keys are held, and the signers of its loops, by the configuration: here,
// in a process that is kept running, or in one that somebody else runs.
#include "adapters/system/thread_workers.h"
#include "apps/server/config/config.h"
#include "apps/server/signer/client.h"
#include "apps/server/signer/supervisor.h"
#include "apps/server/signing/key_ring.h"
#include "apps/server/signing/signers.h"
#include "ports/loop.h"

#include <memory>
#include <string>

namespace kontor::signer {

// Outlives the signers it makes.
class SignerHost {
 public:
  struct Place {
    std::string keys;    // folder
    std::string socket;  // of a signer of the server's own
    std::string origin;  // host in the names of new log keys
  };
  // Fails with a sentence for the operator where the keys cannot be used or no signer answers.
  static Result<std::unique_ptr<SignerHost>> open(const SigningConfig& config, Place place,
                                                  Entropy& entropy, Log& log);

  std::unique_ptr<signing::Signers> signer_on(Loop& loop);
  // For a loop of its own that may block.
  std::unique_ptr<signing::Signers> blocking_signer();
  // Ends the threads that post to loops; before these end.
  void stop() { workers_.stop(); }

 private:
  SignerHost();
  Result<void> start(const SigningConfig& config, Place place, Log& log);

  std::unique_ptr<signing::KeyRing> keys_;  // inside
  std::unique_ptr<Supervisor> supervisor_;  // separate
  std::unique_ptr<Client> client_;          // separate and external
  host::ThreadWorkers workers_;
};

}  // namespace kontor::signer
