// A list in order of noting.
#include "adapters/memory/purchase_store.h"

#include "adapters/memory/log_store.h"

#include <algorithm>

namespace kontor::memory {

Task<std::optional<Price>> PurchaseStore::price(PackageId package) {
  const auto it = database_.prices.find(package);
  co_return it == database_.prices.end() ? std::nullopt : std::optional(it->second);
}

Task<> PurchaseStore::set_price(PackageId package, std::optional<Price> price, Trail trail) {
  if (!database_.package_keys.contains(package)) co_return fail(Code::not_found);
  co_await append_trail(database_, trail);
  if (price)
    database_.prices.insert_or_assign(package, std::move(*price));
  else
    database_.prices.erase(package);
  co_return {};
}

Task<bool> PurchaseStore::add(Purchase purchase, Trail trail) {
  for (const auto& other : database_.purchases) {
    if (other.provider == purchase.provider && other.reference == purchase.reference)
      co_return false;
    if (other.id == purchase.id) co_return fail(Code::conflict);
  }
  co_await append_trail(database_, trail);
  database_.purchases.push_back(std::move(purchase));
  co_return true;
}

Task<bool> PurchaseStore::has_bought(UserId user, PackageId package) {
  co_return std::ranges::any_of(database_.purchases, [&](const Purchase& purchase) {
    return purchase.user == user && purchase.package == package && !purchase.revoked;
  });
}

Task<bool> PurchaseStore::revoke(std::string id, Timestamp now, Trail trail) {
  const auto it = std::ranges::find(database_.purchases, id, &Purchase::id);
  if (it == database_.purchases.end() || it->revoked) co_return false;
  co_await append_trail(database_, trail);
  it->revoked = now;
  co_return true;
}

Task<std::vector<ListedPurchase>> PurchaseStore::list(PurchaseQuery query) {
  std::vector<std::pair<Timestamp, std::size_t>> found;  // by time, then by the order of noting
  for (std::size_t i = 0; i < database_.purchases.size(); ++i) {
    const auto& purchase = database_.purchases[i];
    if ((!query.user || purchase.user == *query.user) &&
        (!query.package || purchase.package == *query.package))
      found.emplace_back(purchase.created, i);
  }
  std::ranges::sort(found, std::greater{});
  std::vector<ListedPurchase> page;
  for (std::size_t i = query.offset; i < found.size() && page.size() < query.limit; ++i) {
    const auto& purchase = database_.purchases[found[i].second];
    const auto user = database_.users.find(purchase.user);
    const auto package = database_.package_keys.find(purchase.package);
    page.push_back({purchase, user == database_.users.end() ? "" : user->second.name,
                    package == database_.package_keys.end() ? PackageKey{} : package->second});
  }
  co_return page;
}

}  // namespace kontor::memory
