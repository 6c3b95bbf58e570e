#pragma once
// The purchase gate (row PRG-09): what packages cost, who has bought them, and the way to pay.
#include "base/json.h"
#include "http/message.h"
#include "ports/payment_provider.h"
#include "ports/purchase_store.h"
#include "registry/actor.h"
#include "registry/registry.h"

#include <optional>
#include <string>

namespace kontor {

struct PurchaseService {
  Registry& registry;
  PurchaseStore& purchases;
  PaymentProvider* payments = nullptr;  // null: nothing can be paid for here
};

// What somebody must do before the package's bytes are theirs.
struct PurchaseDemand {
  Price price;
  std::string checkout_url;
};

// --- the gate -----------------------------------------------------------------------------------

// What the package costs; nothing where it is free, and then nobody need be asked. An answer with
// bytes that cost something is for its caller alone: no shared cache may keep it.
Task<std::optional<Price>> price_of(PurchaseService& service, PackageId package);

// Nothing where `who` may have the bytes of a package that costs `price`: they have bought it, or
// are one of its owners or an administrator. unauthenticated for anonymous callers. Whether they
// may see the package at all was asked before. `base`: what our URLs begin with.
Task<std::optional<PurchaseDemand>> find_purchase_demand(PurchaseService& service, Principal who,
                                                         PackageRecord package, Price price,
                                                         std::string base);

// {cents, currency}
Json price_object(const Price& price);

// 402 with {error, message, code: "PURCHASE_REQUIRED", price: {cents, currency}, checkoutUrl}.
http::Response purchase_required(const PackageKey& key, const PurchaseDemand& demand);

// --- prices --------------------------------------------------------------------------------------

// Who may manage the package sets its price; nothing makes it free. Decided as `manage`.
Task<> set_price(PurchaseService& service, Actor actor, PackageKey key, std::optional<Price> price);
// As read by whoever may read the package.
Task<std::optional<Price>> load_price(PurchaseService& service, Principal who, PackageKey key);

// --- buying --------------------------------------------------------------------------------------

// Begins a payment at the provider. unauthenticated, not_found; conflict where there is nothing to
// buy: the package is free, or the caller may have it already. not_implemented where nothing can be
// paid for here. Asked again it is the same checkout for a day.
Task<StartedCheckout> start_purchase(PurchaseService& service, Actor actor, PackageKey key,
                                     std::string base);

// A message of the provider. What was paid is noted, once, however often it comes; what was paid
// back is revoked, also where that message comes first. Messages about other things are taken and
// ignored.
Task<> take_payment_message(PurchaseService& service, Actor actor, std::string signature,
                            Bytes body);

// --- administration: each is decided as `administer`
// ----------------------------------------------

struct Grant {
  std::string user;
  PackageKey package;
};
// A purchase without a payment. conflict where the user has the package already.
Task<Purchase> grant_purchase(PurchaseService& service, Actor actor, Grant grant);
// not_found where there is none, or it was revoked before.
Task<> revoke_purchase(PurchaseService& service, Actor actor, std::string id);

struct PurchaseFilter {
  std::string user;  // empty: of all
  std::optional<PackageKey> package;
  std::uint32_t offset = 0;
  std::uint32_t limit = 100;
};
Task<std::vector<ListedPurchase>> list_purchases(PurchaseService& service, Principal who,
                                                 PurchaseFilter filter);

}  // namespace kontor
