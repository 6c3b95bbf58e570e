#pragma once
// What Progy's handlers work on.
#include "ports/blob_store.h"
#include "registry/log/receipt.h"
#include "registry/registry.h"

namespace kontor::progy {

struct Service {
  Registry& registry;
  const ReceiptService* receipts = nullptr;  // null: no proofs on this host
};

}  // namespace kontor::progy
