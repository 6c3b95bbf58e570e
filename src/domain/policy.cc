// The rules of permission, from the outside in: may this caller see the package, is the credential
// strong enough, is the caller entitled.
#include "domain/policy.h"

#include <algorithm>

namespace kontor {
namespace {

bool is_write(Action action) {
  return action != Action::read && action != Action::own_account;
}

const Owner* find_owner(const Principal& who, const Resource& what) {
  if (!what.owners || !who.user) return nullptr;
  const auto it = std::ranges::find(*what.owners, *who.user, &Owner::user);
  return it == what.owners->end() ? nullptr : &*it;
}

bool in_token_patterns(const Principal& who, const Resource& what) {
  if (what.package.empty() || who.packages.empty()) return true;
  return std::ranges::any_of(who.packages, [&](const std::string& pattern) {
    return matches_package_pattern(pattern, what.package);
  });
}

std::optional<Error> refuse(Code code, std::string detail = {}) {
  return Error{code, std::move(detail), {}};
}

std::optional<Error> decide_read(const Principal& who, const Resource& what, const Owner* owner,
                                 const Policy& policy) {
  if (who.anonymous() && !policy.anonymous_read) return refuse(Code::unauthenticated);
  const bool visible = what.visibility == Visibility::open || who.is_admin || owner;
  return visible && in_token_patterns(who, what) ? std::nullopt : refuse(Code::not_found);
}

// Rights of the credential itself, whatever its user may do.
std::optional<Error> decide_credential(const Principal& who, Action action, const Resource& what) {
  if (who.anonymous()) return refuse(Code::unauthenticated);
  if (who.rights == TokenRights::read_only && is_write(action))
    return refuse(Code::insufficient_scope, "This token is read-only; use one that may publish.");
  const bool needs_full = action == Action::manage || action == Action::edit_account ||
                          action == Action::administer;
  if (needs_full && who.rights != TokenRights::full)
    return refuse(Code::insufficient_scope,
                  "This token may publish only; owners, access and accounts need a full login.");
  if (needs_full && action != Action::manage && !who.packages.empty())
    return refuse(Code::insufficient_scope, "This token is limited to some packages.");
  if (!in_token_patterns(who, what))
    return refuse(Code::insufficient_scope,
                  "This token does not cover the package " + what.package + ".");
  return std::nullopt;
}

std::optional<Error> decide_create(const Principal& who, const Resource& what) {
  if (who.is_admin || what.reserved_for.empty() || what.reserved_for == who.name)
    return std::nullopt;
  return refuse(Code::forbidden,
                "The scope @" + what.reserved_for + " belongs to the user of that name.");
}

std::optional<Error> decide_on_package(const Principal& who, Action action, const Resource& what,
                                       const Owner* owner) {
  if (action == Action::star) return std::nullopt;
  if (action == Action::create) return decide_create(who, what);
  if (who.is_admin || (owner && owner->role == OwnerRole::maintainer)) return std::nullopt;
  return refuse(Code::forbidden, "You do not have permission to change " + what.package +
                                     "; ask one of its maintainers to add you.");
}

}  // namespace

bool matches_package_pattern(const std::string& pattern, const std::string& name) {
  if (!pattern.ends_with('*')) return pattern == name;
  return std::string_view(name).starts_with(std::string_view(pattern).substr(0, pattern.size() - 1));
}

std::optional<Error> decide(const Principal& who, Action action, const Resource& what,
                            const Policy& policy) {
  const Owner* owner = find_owner(who, what);
  if (action == Action::read) return decide_read(who, what, owner, policy);

  if (auto refused = decide_credential(who, action, what)) return refused;
  const bool hidden = what.visibility == Visibility::restricted && !who.is_admin && !owner;
  if (hidden) return refuse(Code::not_found);
  if (is_write(action) && policy.read_only) return refuse(Code::read_only);
  if (action == Action::own_account || action == Action::edit_account) return std::nullopt;
  if (action == Action::administer)
    return who.is_admin ? std::nullopt : refuse(Code::forbidden, "Administrators only.");
  return decide_on_package(who, action, what, owner);
}

}  // namespace kontor
