#pragma once
// Handing a package over: one side offers, the other accepts, each by a credential of its own.
// Nothing changes hands before both have spoken. Row ORI-09.
#include "base/task.h"
#include "registry/actor.h"
#include "registry/registry.h"

#include <string>

namespace kontor {

inline constexpr Duration kTransferLife = days(7);

// By an owner. bad_request where the user is unknown, an owner already or the caller; conflict
// where an offer is pending.
Task<Transfer> offer_transfer(Registry& registry, Actor actor, PackageKey key, std::string to);
// By an owner. not_found where nothing is offered.
Task<> cancel_transfer(Registry& registry, Actor actor, PackageKey key);
// The pending offer, for an owner or the one it is made to; not_found for all others.
Task<Transfer> pending_transfer(Registry& registry, Principal who, PackageKey key);
// By whom it is offered to. The user who offered leaves the owners, the caller joins them; others
// stay. not_found where nothing is offered to the caller or the offer has expired, conflict where
// who offered is no owner any more.
Task<> accept_transfer(Registry& registry, Actor actor, PackageKey key);
Task<> reject_transfer(Registry& registry, Actor actor, PackageKey key);

}  // namespace kontor
