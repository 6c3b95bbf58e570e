// What administrators do with purchases.
#include "registry/audit.h"
#include "registry/purchases/purchases.h"
#include "registry/random_text.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::size_t kIdBytes = 16;
constexpr std::uint32_t kMostListed = 1000;
constexpr std::string_view kGrantProvider = "grant";

std::optional<Error> refuse_non_admin(const Registry& registry, const Principal& who,
                                      bool only_reads = false) {
  Policy policy = registry.settings->policy;
  if (only_reads) policy.read_only = false;
  return decide(who, Action::administer, {}, policy);
}

Task<User> find_buyer(Registry& registry, std::string name) {
  auto user = co_await registry.accounts.find_user(name);
  if (!user) co_return fail(Code::not_found, "There is no user " + name + ".");
  co_return std::move(*user);
}

Task<PackageRecord> find_goods(Registry& registry, PackageKey key) {
  auto package = co_await registry.packages.find(key);
  if (!package) co_return fail(Code::not_found, "There is no package " + key.name + ".");
  co_return std::move(*package);
}

}  // namespace

Task<Purchase> grant_purchase(PurchaseService& service, Actor actor, Grant grant) {
  Registry& registry = service.registry;
  if (auto refused = refuse_non_admin(registry, actor.principal))
    co_return std::unexpected(std::move(*refused));
  const auto user = co_await find_buyer(registry, grant.user);
  const auto package = co_await find_goods(registry, grant.package);
  if (co_await service.purchases.has_bought(user.id, package.id))
    co_return fail(Code::conflict, grant.user + " has " + package.key.name + " already.");
  Purchase purchase;
  purchase.id = random_hex(registry.entropy, kIdBytes);
  purchase.user = user.id;
  purchase.package = package.id;
  purchase.provider = kGrantProvider;
  purchase.reference = purchase.id;
  purchase.created = registry.clock.now();
  auto trail = trail_of(registry, actor, "grant_purchase", "user:" + user.name, package.key.name);
  co_await service.purchases.add(purchase, std::move(trail));
  co_return purchase;
}

Task<> revoke_purchase(PurchaseService& service, Actor actor, std::string id) {
  Registry& registry = service.registry;
  if (auto refused = refuse_non_admin(registry, actor.principal))
    co_return std::unexpected(std::move(*refused));
  auto trail = trail_of(registry, actor, "revoke_purchase", "purchase:" + id);
  if (!co_await service.purchases.revoke(id, registry.clock.now(), std::move(trail)))
    co_return fail(Code::not_found, "There is no such purchase, or it was revoked before.");
  co_return {};
}

Task<std::vector<ListedPurchase>> list_purchases(PurchaseService& service, Principal who,
                                                 PurchaseFilter filter) {
  Registry& registry = service.registry;
  if (auto refused = refuse_non_admin(registry, who, true))
    co_return std::unexpected(std::move(*refused));
  PurchaseQuery query;
  query.offset = filter.offset;
  query.limit = std::min(filter.limit, kMostListed);
  if (!filter.user.empty()) query.user = (co_await find_buyer(registry, filter.user)).id;
  if (filter.package) query.package = (co_await find_goods(registry, *filter.package)).id;
  co_return co_await service.purchases.list(query);
}

}  // namespace kontor
