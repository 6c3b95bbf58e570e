// The access levels of the route table, decided on values alone.
#include "registry/authenticate.h"

namespace kontor {
namespace {

using http::Access;

std::optional<Error> refuse(Code code, std::string detail = {}) {
  return Error{code, std::move(detail), {}};
}

bool unlimited(const Principal& who) {
  return who.rights == TokenRights::full && who.packages.empty();
}

std::optional<Error> admit_write(const Principal& who, const Policy& policy) {
  if (who.rights == TokenRights::read_only)
    return refuse(Code::insufficient_scope, "This token is read-only; use one that may publish.");
  return policy.read_only ? refuse(Code::read_only) : std::nullopt;
}

// A token limited to some packages may still manage those; the use case compares the names.
std::optional<Error> admit_full(const Principal& who, const Policy& policy) {
  if (auto refused = admit_write(who, policy)) return refused;
  if (who.rights == TokenRights::full) return std::nullopt;
  return refuse(Code::insufficient_scope,
                "This token may publish only; owners, access and accounts need a full login.");
}

std::optional<Error> admit_admin(const Principal& who) {
  if (!who.is_admin) return refuse(Code::forbidden, "Administrators only.");
  if (unlimited(who)) return std::nullopt;
  return refuse(Code::insufficient_scope,
                "This token is limited; administration needs a full one.");
}

}  // namespace

std::optional<Error> admit(const Principal& who, Access access, const Policy& policy) {
  if (access == Access::open) return std::nullopt;
  if (access == Access::read && policy.anonymous_read) return std::nullopt;
  if (who.anonymous()) return refuse(Code::unauthenticated);
  switch (access) {
    case Access::write:
      return admit_write(who, policy);
    case Access::full:
      return admit_full(who, policy);
    case Access::admin:
      return admit_admin(who);
    case Access::metrics:
      return who.is_admin ? std::nullopt : refuse(Code::forbidden, "Administrators only.");
    case Access::open:
    case Access::read:
    case Access::account:
      return std::nullopt;
  }
  return refuse(Code::internal);
}

}  // namespace kontor
