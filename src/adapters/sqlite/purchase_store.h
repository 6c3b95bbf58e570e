#pragma once
// PurchaseStore as rows. What a download asks, price() and has_bought(), are one indexed read each.
#include "adapters/sqlite/session.h"
#include "ports/purchase_store.h"

namespace kontor::sqlite {

class PurchaseStore final : public kontor::PurchaseStore {
 public:
  explicit PurchaseStore(Session& session) : session_(session) {}

  Task<std::optional<Price>> price(PackageId package) override;
  Task<> set_price(PackageId package, std::optional<Price> price, Trail trail = {}) override;
  Task<bool> add(Purchase purchase, Trail trail = {}) override;
  Task<bool> has_bought(UserId user, PackageId package) override;
  Task<bool> revoke(std::string id, Timestamp now, Trail trail = {}) override;
  Task<std::vector<ListedPurchase>> list(PurchaseQuery query) override;

 private:
  Session& session_;
};

}  // namespace kontor::sqlite
