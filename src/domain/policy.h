#pragma once
// decide(): the one place where permission is decided. Pure, so that a table can test it whole.
#include <string>
#include <vector>

#include "base/error.h"
#include "domain/principal.h"

namespace kontor {

// `restricted` packages are seen by their owners, collaborators and administrators only; for
// everybody else they do not exist (row AUTH-12).
enum class Visibility { open, restricted };

enum class OwnerRole { reader, maintainer };

struct Owner {
  UserId user;
  std::string name;
  std::string email;
  OwnerRole role = OwnerRole::maintainer;
  bool operator==(const Owner&) const = default;
};

enum class Action {
  read,           // see the package, its versions and tarballs
  create,         // first publish of a name
  publish,        // a new version
  change,         // dist-tags, deprecation
  manage,         // owners, visibility
  unpublish,      // within the unpublish window
  star,           // mark as favourite
  own_account,    // read one's own profile and token list
  edit_account,   // change password, profile, tokens
  administer,     // users, all of the registry
};

// What is asked about. For actions on accounts all but `action` stays empty.
struct Resource {
  std::string package;                         // full name; empty: no package
  Visibility visibility = Visibility::open;
  const std::vector<Owner>* owners = nullptr;  // borrowed for the call; null: none
  std::string reserved_for;  // `create` only: user whose name equals the scope, if there is one
};

// The registry's own rules, from the configuration.
struct Policy {
  bool anonymous_read = true;  // may packages with open visibility be read without a login
  bool read_only = false;      // writes are refused for everybody
};

// Nothing where the action is permitted; otherwise the error to answer. Never tells a stranger
// that a restricted package exists: the answer is then `not_found`.
std::optional<Error> decide(const Principal& who, Action action, const Resource& what,
                            const Policy& policy);

}  // namespace kontor
