#pragma once
// What npm's handlers work on.
#include "registry/log/receipt.h"
#include "registry/registry.h"

namespace kontor::npm {

struct Service {
  Registry& registry;
  const ReceiptService* receipts = nullptr;  // null: answers to publishers carry no proof
};

}  // namespace kontor::npm
