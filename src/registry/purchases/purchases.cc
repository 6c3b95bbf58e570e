// The gate, prices, and the way from a checkout to a row.
#include "registry/purchases/purchases.h"

#include "base/encoding.h"
#include "registry/audit.h"
#include "registry/json_body.h"
#include "registry/packages.h"
#include "registry/random_text.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::size_t kIdBytes = 16;

std::string name_of(const PackageKey& key) {
  return std::string(to_string(key.format)) + ":" + key.name;
}

bool has_role(const Principal& who, const PackageRecord& package) {
  return std::ranges::any_of(package.owners,
                             [&](const Owner& owner) { return owner.user == who.user; });
}

// Of the purchase that is noted under the same reference; empty where there is none.
Task<std::string> id_of(PurchaseService& service, Purchase like) {
  const auto noted = co_await service.purchases.list(
      {.user = like.user, .package = like.package, .offset = 0, .limit = 1000});
  for (const auto& [purchase, user, package] : noted)
    if (purchase.provider == like.provider && purchase.reference == like.reference)
      co_return purchase.id;
  co_return std::string();
}

// How often the user has begun to own it: a checkout after a revocation is another one.
Task<std::string> attempt_of(PurchaseService& service, UserId user, PackageId package) {
  const auto before = co_await service.purchases.list(
      {.user = user, .package = package, .offset = 0, .limit = 1000});
  co_return iso_date(day_of(service.registry.clock.now())) + " " + std::to_string(before.size());
}

}  // namespace

Task<std::optional<Price>> price_of(PurchaseService& service, PackageId package) {
  return service.purchases.price(package);
}

Task<std::optional<PurchaseDemand>> find_purchase_demand(PurchaseService& service, Principal who,
                                                         PackageRecord package, Price price,
                                                         std::string base) {
  if (who.is_admin) co_return std::nullopt;
  if (who.anonymous())
    co_return fail(Code::unauthenticated,
                   package.key.name + " costs " + to_text(price) + "; log in first.");
  if (has_role(who, package) || co_await service.purchases.has_bought(*who.user, package.id))
    co_return std::nullopt;
  co_return PurchaseDemand{std::move(price), std::move(base) + "/billing/checkout?package=" +
                                                 percent_encode(package.key.name)};
}

Json price_object(const Price& price) {
  return {{"cents", price.cents}, {"currency", price.currency}};
}

http::Response purchase_required(const PackageKey& key, const PurchaseDemand& demand) {
  const auto text =
      key.name + " costs " + to_text(demand.price) + "; buy it at " + demand.checkout_url;
  return private_json(402, {{"error", text},
                            {"message", text},
                            {"code", "PURCHASE_REQUIRED"},
                            {"price", price_object(demand.price)},
                            {"checkoutUrl", demand.checkout_url}});
}

Task<> set_price(PurchaseService& service, Actor actor, PackageKey key,
                 std::optional<Price> price) {
  Registry& registry = service.registry;
  const auto package = co_await load_for(registry, actor.principal, std::move(key), Action::manage);
  auto trail = trail_of(registry, actor, "set_price", name_of(package.key),
                        price ? to_text(*price) : "free");
  co_await service.purchases.set_price(package.id, std::move(price), std::move(trail));
  co_return {};
}

Task<std::optional<Price>> load_price(PurchaseService& service, Principal who, PackageKey key) {
  const auto package = co_await load_readable(service.registry, std::move(who), std::move(key));
  co_return co_await service.purchases.price(package.id);
}

Task<StartedCheckout> start_purchase(PurchaseService& service, Actor actor, PackageKey key,
                                     std::string base) {
  Registry& registry = service.registry;
  const Principal who = actor.principal;
  if (who.anonymous()) co_return fail(Code::unauthenticated);
  if (registry.settings->policy.read_only) co_return fail(Code::read_only);
  const auto package = co_await load_readable(registry, who, std::move(key));
  const auto price = co_await price_of(service, package.id);
  std::optional<PurchaseDemand> demand;
  if (price) demand = co_await find_purchase_demand(service, who, package, *price, base);
  if (!demand)
    co_return fail(Code::conflict,
                   "There is nothing to pay: you may have " + package.key.name + " already.");
  if (!service.payments)
    co_return fail(Code::not_implemented,
                   "This registry takes no payments; ask its administrator for the course.");
  Checkout checkout;
  checkout.user = *who.user;
  checkout.package = package.id;
  checkout.title = package.key.name;
  checkout.price = *price;
  checkout.success_url = base + "/billing/success";
  checkout.cancel_url = base + "/billing/cancel";
  checkout.attempt = co_await attempt_of(service, *who.user, package.id);
  co_return co_await service.payments->start(std::move(checkout));
}

Task<> take_payment_message(PurchaseService& service, Actor actor, std::string signature,
                            Bytes body) {
  Registry& registry = service.registry;
  if (!service.payments) co_return fail(Code::not_found, "This registry takes no payments.");
  const auto now = registry.clock.now();
  const auto payment = co_await service.payments->read_message(signature, body, now);
  if (!payment) co_return {};
  Purchase purchase;
  purchase.id = random_hex(registry.entropy, kIdBytes);
  purchase.user = payment->user;
  purchase.package = payment->package;
  purchase.paid = payment->paid;
  purchase.provider = service.payments->name();
  purchase.reference = payment->reference;
  purchase.created = now;
  if (payment->refunded) purchase.revoked = now;  // noted also where it overtook its payment
  actor.principal.name = service.payments->name();
  const auto what = payment->refunded ? "refund" : "purchase";
  const auto words = purchase.reference + " " + to_text(purchase.paid);
  auto trail = trail_of(registry, actor, what, "purchase:" + purchase.id, words);
  const bool is_new = co_await service.purchases.add(purchase, std::move(trail));
  if (is_new || !payment->refunded) co_return {};
  const auto id = co_await id_of(service, purchase);
  trail = trail_of(registry, actor, what, "purchase:" + id, words);
  co_await service.purchases.revoke(id, now, std::move(trail));
  co_return {};
}

}  // namespace kontor
