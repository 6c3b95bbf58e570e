#pragma once
// What Progy's handlers work on.
#include "ports/blob_store.h"
#include "ports/object_names.h"
#include "registry/log/receipt.h"
#include "registry/purchases/purchases.h"
#include "registry/registry.h"

namespace kontor::progy {

struct Service {
  Registry& registry;
  const ReceiptService* receipts = nullptr;  // null: no proofs on this host
  PurchaseService* purchases = nullptr;      // null: every course is free
  std::string legacy_courses = {};           // JSON: those that lie in git repositories still
  ObjectNames* names = nullptr;              // null: the store knows no keys but its own
};

}  // namespace kontor::progy
