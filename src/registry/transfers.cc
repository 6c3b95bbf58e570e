// An offer is a row beside the package; accepting it is one change that drops the row and swaps the
// owners.
#include "registry/transfers.h"

#include "registry/log/log_notes.h"
#include "registry/packages.h"
#include "registry/random_text.h"
#include "registry/retry.h"

#include <algorithm>

namespace kontor {
namespace {

PackageChange change_of(const Registry& registry, const PackageRecord& package) {
  return {.key = package.key,
          .at = registry.clock.now(),
          .if_revision = package.revision,
          .if_policy_revision = package.policy_revision};
}

bool is_maintainer(const PackageRecord& package, std::optional<UserId> user) {
  return std::ranges::any_of(package.owners, [&](const Owner& owner) {
    return owner.user == user && owner.role == OwnerRole::maintainer;
  });
}

Task<std::optional<Transfer>> find_pending(Registry& registry, PackageId id) {
  auto found = co_await registry.packages.find_transfer(id);
  if (found && found->expires <= registry.clock.now()) found.reset();
  co_return found;
}

Task<Transfer> try_offer(Registry& registry, Actor actor, PackageKey key, std::string to) {
  const auto package = co_await load_for(registry, actor.principal, key, Action::manage);
  if (!is_maintainer(package, actor.principal.user))
    co_return fail(Code::forbidden, "Only an owner can offer the package; set the owners instead.");
  const auto user = co_await registry.accounts.find_user(to);
  if (!user) co_return fail(Code::bad_request, "There is no user named " + to + ".");
  if (is_maintainer(package, user->id))
    co_return fail(Code::bad_request, to + " is an owner of " + key.name + " already.");
  if (co_await find_pending(registry, package.id))
    co_return fail(Code::conflict, "The package is offered already; withdraw that offer first.");
  PackageChange change = change_of(registry, package);
  const Transfer transfer{random_hex(registry.entropy, 16), *actor.principal.user, user->id,
                          change.at, change.at + kTransferLife};
  change.ops.push_back(SetTransfer{transfer});
  change.audit.push_back(audit_entry(actor, "transfer-offer", key, {}, to));
  co_await registry.packages.apply(std::move(change));
  co_return transfer;
}

Task<> try_cancel(Registry& registry, Actor actor, PackageKey key) {
  const auto package = co_await load_for(registry, actor.principal, key, Action::manage);
  if (!co_await find_pending(registry, package.id))
    co_return fail(Code::not_found, "Nothing is offered.");
  PackageChange change = change_of(registry, package);
  change.ops.push_back(SetTransfer{});
  change.audit.push_back(audit_entry(actor, "transfer-cancel", key));
  co_await registry.packages.apply(std::move(change));
  co_return {};
}

// What is offered to the caller. A package the caller cannot see and one that is not offered give
// the same answer.
struct Offered {
  PackageRecord package;
  Transfer transfer;
};

Task<Offered> load_offered(Registry& registry, Principal who, PackageKey key) {
  auto package = co_await registry.packages.find(key);
  if (!package) co_return fail(Code::not_found);
  const auto transfer = co_await find_pending(registry, package->id);
  if (!transfer || transfer->to != who.user)
    co_return fail(Code::not_found, "This package is not offered to you.");
  const bool covered =
      who.packages.empty() || std::ranges::any_of(who.packages, [&](const std::string& pattern) {
        return matches_package_pattern(pattern, key.name);
      });
  if (!covered)
    co_return fail(Code::insufficient_scope,
                   "This token does not cover the package " + key.name + ".");
  co_return Offered{std::move(*package), *transfer};
}

std::vector<std::pair<UserId, OwnerRole>> owners_after(const PackageRecord& package,
                                                       const Transfer& transfer) {
  std::vector<std::pair<UserId, OwnerRole>> out;
  for (const Owner& owner : package.owners)
    if (owner.user != transfer.from && owner.user != transfer.to)
      out.emplace_back(owner.user, owner.role);
  out.emplace_back(transfer.to, OwnerRole::maintainer);
  return out;
}

Task<> try_accept(Registry& registry, Actor actor, PackageKey key) {
  const auto offered = co_await load_offered(registry, actor.principal, key);
  const auto& [package, transfer] = offered;
  if (!is_maintainer(package, transfer.from))
    co_return fail(Code::conflict, "Who offered the package is no longer one of its owners.");
  PackageChange change = change_of(registry, package);
  LogNotes notes(actor, key, package.visibility);
  for (const Owner& owner : package.owners)
    if (owner.user == transfer.from || owner.user == transfer.to)
      notes.owner_removed(owner.user, owner.role);
  notes.owner_added(transfer.to);
  change.log = std::move(notes).take();
  change.ops.push_back(SetOwners{owners_after(package, transfer)});
  change.ops.push_back(SetTransfer{});
  change.audit.push_back(audit_entry(actor, "transfer-accept", key));
  co_await registry.packages.apply(std::move(change));
  co_return {};
}

Task<> try_reject(Registry& registry, Actor actor, PackageKey key) {
  const auto offered = co_await load_offered(registry, actor.principal, key);
  PackageChange change = change_of(registry, offered.package);
  change.ops.push_back(SetTransfer{});
  change.audit.push_back(audit_entry(actor, "transfer-reject", key));
  co_await registry.packages.apply(std::move(change));
  co_return {};
}

}  // namespace

// Not repeated on a conflict: that is also what a pending offer is answered with.
Task<Transfer> offer_transfer(Registry& registry, Actor actor, PackageKey key, std::string to) {
  return try_offer(registry, std::move(actor), std::move(key), std::move(to));
}

Task<> cancel_transfer(Registry& registry, Actor actor, PackageKey key) {
  return retry_on_conflict([&registry, actor, key] { return try_cancel(registry, actor, key); });
}

Task<Transfer> pending_transfer(Registry& registry, Principal who, PackageKey key) {
  const auto package = co_await registry.packages.find(key);
  if (!package) co_return fail(Code::not_found);
  const auto transfer = co_await find_pending(registry, package->id);
  const bool party =
      is_maintainer(*package, who.user) || who.is_admin || (transfer && transfer->to == who.user);
  if (!transfer || !party) co_return fail(Code::not_found, "Nothing is offered.");
  co_return *transfer;
}

Task<> accept_transfer(Registry& registry, Actor actor, PackageKey key) {
  return retry_on_conflict([&registry, actor, key] { return try_accept(registry, actor, key); });
}

Task<> reject_transfer(Registry& registry, Actor actor, PackageKey key) {
  return retry_on_conflict([&registry, actor, key] { return try_reject(registry, actor, key); });
}

}  // namespace kontor
