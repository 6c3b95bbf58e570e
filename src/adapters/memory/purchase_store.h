#pragma once
// PurchaseStore in memory.
#include "adapters/memory/database.h"
#include "ports/purchase_store.h"

namespace kontor::memory {

class PurchaseStore final : public kontor::PurchaseStore {
 public:
  explicit PurchaseStore(Database& database) : database_(database) {}

  Task<std::optional<Price>> price(PackageId package) override;
  Task<> set_price(PackageId package, std::optional<Price> price, Trail trail = {}) override;
  Task<bool> add(Purchase purchase, Trail trail = {}) override;
  Task<bool> has_bought(UserId user, PackageId package) override;
  Task<bool> revoke(std::string id, Timestamp now, Trail trail = {}) override;
  Task<std::vector<ListedPurchase>> list(PurchaseQuery query) override;

 private:
  Database& database_;
};

}  // namespace kontor::memory
