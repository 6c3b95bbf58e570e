#pragma once
// What packages cost and who has bought them (row PRG-09).
#include "base/task.h"
#include "domain/ids.h"
#include "domain/price.h"
#include "ports/audit_entry.h"
#include "ports/package_records.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor {

struct Purchase {
  std::string id;  // random
  UserId user;
  PackageId package;
  Price paid;             // 0 cents where it was granted
  std::string provider;   // "stripe", or "grant"
  std::string reference;  // what the provider calls it; unique with the provider
  Timestamp created;
  std::optional<Timestamp> revoked;
};

struct ListedPurchase {
  Purchase purchase;
  std::string user;  // name; empty where the account is gone
  PackageKey package;
};

struct PurchaseQuery {
  std::optional<UserId> user;
  std::optional<PackageId> package;
  std::uint32_t offset = 0;
  std::uint32_t limit = 100;  // at most 1000
};

// Thread: one instance belongs to one loop. Writes are durable when their task has succeeded, and
// so is their trail where something changed; after an error nothing has.
class PurchaseStore {
 public:
  virtual ~PurchaseStore() = default;

  // Nothing: the package is free.
  virtual Task<std::optional<Price>> price(PackageId package) = 0;
  // not_found where there is no such package.
  virtual Task<> set_price(PackageId package, std::optional<Price> price, Trail trail = {}) = 0;

  // False, and nothing changed, where a purchase of that provider and reference is noted, also one
  // that was revoked: a provider tells everything at least once. conflict where the id is taken.
  virtual Task<bool> add(Purchase purchase, Trail trail = {}) = 0;
  // Whether one is noted that was not revoked.
  virtual Task<bool> has_bought(UserId user, PackageId package) = 0;
  // False where there is none or it was revoked before. The row stays.
  virtual Task<bool> revoke(std::string id, Timestamp now, Trail trail = {}) = 0;
  // Newest first.
  virtual Task<std::vector<ListedPurchase>> list(PurchaseQuery query) = 0;
};

}  // namespace kontor
