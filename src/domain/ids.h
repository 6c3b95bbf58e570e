#pragma once
// Strong ids of rows in the metadata store, and the key of a package.
#include <compare>
#include <cstdint>
#include <string>

#include "base/strong.h"
#include "domain/format_id.h"

namespace kontor {

using UserId = Strong<struct UserIdTag, std::int64_t>;
using PackageId = Strong<struct PackageIdTag, std::int64_t>;

struct PackageKey {
  FormatId format = FormatId::npm;
  std::string name;  // full name, e.g. "@scope/base"
  auto operator<=>(const PackageKey&) const = default;
};

}  // namespace kontor
