#pragma once
// Another name for a user, and for the courses below the old one. Row PRG-11.
#include "registry/actor.h"
#include "registry/registry.h"

#include <string>
#include <vector>

namespace kontor::progy {

struct Renaming {
  std::string from;
  std::string to;
};

// Gives the user `from` the name `to`, then each course @from/slug the name @to/slug: all its
// versions, roles, prices and counters stay. `from` stays reserved, and leads to the new name
// (find_moved). By the user, decided as edit_account, or else as administer. Yields the new names
// of the courses. Logs tell it as what it means to who installs: each version is withdrawn under
// the old name and published under the new one.
//
// The user is renamed first, durably; the courses follow one by one. Where that was interrupted the
// same call, which is then one by the user's new name, goes on. not_found, forbidden, invalid_name,
// user_exists; conflict where `from` is a former name and `to` not the present one.
Task<std::vector<std::string>> rename_user(Registry& registry, Actor actor, Renaming wish);

// What a course is called that had this name before its user was renamed; nothing where none had.
Task<std::optional<PackageKey>> find_moved(Registry& registry, PackageKey key);

}  // namespace kontor::progy
