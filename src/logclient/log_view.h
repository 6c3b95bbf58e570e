#pragma once
// One log as one client sees it: a checkpoint that is verified, and that continues every other
// checkpoint of this log which the client has believed.
#include "tlog/policy.h"
#include "tlog/tlog_proof.h"

#include "logclient/log_source.h"

#include <string>

namespace kontor::logclient {

class LogView {
 public:
  // Reads the checkpoint, verifies it by the policy, and proves by tiles that it continues the
  // remembered one (a signed note; empty: there is none). Errors: what the source says,
  // invalid_signature, and invalid_proof with both roots where the log does not continue, or where
  // it has shrunk. All of these outlive the view.
  static Result<LogView> open(LogSource& source, const tlog::Policy& policy,
                              const tlog::Ed25519& ed25519, const std::string& remembered);

  // The newest checkpoint believed. The caller keeps `note()` for the next open().
  const tlog::SignedCheckpoint& checkpoint() const { return newest_; }
  const tlog::Head& head() const { return newest_.checkpoint.head; }
  const std::string& note() const { return note_; }

  // Believes a checkpoint that came by another way where it fits the newest one, in either
  // direction; the larger of both is the newest from now on. Gives the admitted one's head.
  Result<tlog::Head> admit(const std::string& note);

  // Whether `leaf` is the entry that the proof says, under a checkpoint that admit() believes.
  Result<void> check_entry(const tlog::TlogProof& proof, ByteView leaf);
  // The same by tiles of the newest checkpoint.
  Result<void> check_entry(std::uint64_t index, ByteView leaf) const;

 private:
  LogView(LogSource& source, const tlog::Policy& policy, const tlog::Ed25519& ed25519)
      : source_(&source), policy_(&policy), ed25519_(&ed25519) {}

  LogSource* source_;
  const tlog::Policy* policy_;
  const tlog::Ed25519* ed25519_;
  tlog::SignedCheckpoint newest_;
  std::string note_;
  std::string admitted_;  // what admit() believed last, so that it is not verified again
  tlog::Head admitted_head_;
};

// Proves by tiles of the newer tree that it begins with the older one.
Result<void> check_growth(LogSource& source, const tlog::Head& older, const tlog::Head& newer);

}  // namespace kontor::logclient
