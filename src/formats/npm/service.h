#pragma once
// What npm's handlers work on.
#include "ports/attestation_verifier.h"
#include "ports/release_signer.h"
#include "registry/log/receipt.h"
#include "registry/registry.h"

namespace kontor::npm {

struct Service {
  Registry& registry;
  const ReceiptService* receipts = nullptr;  // null: answers to publishers carry no proof
  ReleaseSigner* signer = nullptr;                    // null: versions are not signed
  const AttestationVerifier* attestations = nullptr;  // null: there is no trusted root
};

}  // namespace kontor::npm
