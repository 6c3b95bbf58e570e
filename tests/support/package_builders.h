#pragma once
// Values for tests of anything that stands on the stores: users, versions, changes.
#include "ports/account_store.h"
#include "ports/package_store.h"
#include "registry/format.h"

#include <string>
#include <utility>

namespace kontor::test {

inline constexpr Timestamp kNoon{1'780'000'000'000};

// Versions ordered as texts, `latest` by tag.
extern const Format kTestFormat;

User user_named(std::string name);

// All fields filled, each with something that can be told apart.
VersionRecord version_record(std::string number, std::string package = "pkg");
SearchEntry search_entry(std::string version, std::string description = {},
                         std::vector<std::string> keywords = {});

// A change of an existing package, to be filled by with().
PackageChange change_of(std::string name);
// The first publish of a name, without operations.
PackageChange creation_of(std::string name, UserId owner, Visibility visibility = Visibility::open);
// The same with a version, the tag `latest` and a search entry, as a real publish has them.
PackageChange first_publish(std::string name, UserId owner, std::string version = "1.0.0",
                            std::string description = {}, std::vector<std::string> keywords = {});

template <class... Ops>
PackageChange with(PackageChange change, Ops... ops) {
  (change.ops.push_back(std::move(ops)), ...);
  return change;
}

PackageKey key_of(std::string name);

}  // namespace kontor::test
