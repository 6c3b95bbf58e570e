#pragma once
// A witness of logs (C2SP tlog-witness): it cosigns a checkpoint only where that continues the one
// it cosigned before, so that a log cannot show two histories without losing its cosignatures.
#include "tlog/witness.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::logclient {

// What a witness keeps: for each log the head it cosigned last.
class WitnessHeads {
 public:
  virtual ~WitnessHeads() = default;
  // The head of size 0 where the log was never cosigned.
  virtual Result<tlog::Head> read(const std::string& origin) = 0;
  // Durable on success. `note` is the checkpoint as it came, for whoever looks into a quarrel.
  virtual Result<void> store(const std::string& origin, const tlog::Head& head,
                             const std::string& note) = 0;
};

class WitnessSigner {
 public:
  virtual ~WitnessSigner() = default;
  virtual const tlog::NoteKey& key() const = 0;  // of type cosignature
  virtual tlog::RawSignature sign(ByteView message) const = 0;
};

struct WitnessReply {
  std::uint16_t status = 200;
  std::string_view type = "text/plain; charset=utf-8";
  std::string body;
};

// One call at a time: checking a head and storing the next must not be parted. All outlive it.
class Witness {
 public:
  // `policy` names the logs that are witnessed.
  Witness(const tlog::Policy& policy, WitnessHeads& heads, const WitnessSigner& signer,
          const tlog::Ed25519& ed25519)
      : policy_(policy), heads_(heads), signer_(signer), ed25519_(ed25519) {}

  // The answer to add-checkpoint with this body. 200 with a cosignature of time `now` (seconds
  // since 1970) after the new head is durable; 400 malformed, or old size beyond the checkpoint's;
  // 403 not signed by the log; 404 another log; 409 with the size last cosigned where the old one
  // differs; 422 where the log does not continue; 503 where the head cannot be kept.
  WitnessReply add_checkpoint(ByteView body, std::uint64_t now);

 private:
  const tlog::Policy& policy_;
  WitnessHeads& heads_;
  const WitnessSigner& signer_;
  const tlog::Ed25519& ed25519_;
};

}  // namespace kontor::logclient
