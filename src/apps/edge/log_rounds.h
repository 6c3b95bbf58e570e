#pragma once
// What the sequencer does with the logs, in rounds that follow each other: it tells them of keys
// and rules, puts what was committed into their tiles, has witnesses cosign, and signs.
#include "adapters/system/sodium_ed25519.h"
#include "apps/edge/edge_signer.h"
#include "apps/edge/far_caller.h"
#include "apps/edge/release_signer.h"
#include "registry/log/integrator.h"
#include "registry/registry.h"

#include <memory>
#include <string>
#include <vector>

namespace kontor::edge {

class LogRounds {
 public:
  struct Parts {
    Host& host;
    Registry& registry;
    LogStore& store;
    LogFiles& files;
    EdgeSigner& signer;
    EdgeReleaseSigner& releases;
    std::string witnesses;  // the name of the policy's file (setting_files.h); empty: none
  };
  // All of `parts` outlive the rounds.
  explicit LogRounds(Parts parts) : parts_(std::move(parts)), caller_(parts_.host) {}

  // Publishes what was committed before. A log that fails, or whose witnesses are away, does not
  // keep the others back; the round then ends with that error and is to be done again.
  Task<> run();

 private:
  Task<> begin();
  Task<> tell();
  Task<Cosigner*> cosigner_of(LogId log);

  const Parts parts_;
  FarWitnessCaller caller_;
  host::SodiumEd25519 ed25519_;
  tlog::Policy witnesses_;
  std::vector<std::unique_ptr<Cosigner>> cosigners_;
  std::vector<std::unique_ptr<Integrator>> logs_;
};

}  // namespace kontor::edge
