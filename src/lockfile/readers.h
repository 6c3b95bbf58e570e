#pragma once
// The reader of each kind, and what they share.
#include "lockfile/lockfile.h"

#include <optional>
#include <utility>

namespace kontor::lockfile {

Result<Lockfile> read_npm(ByteView text);
Result<Lockfile> read_pnpm(ByteView text);
Result<Lockfile> read_yarn1(ByteView text);
Result<Lockfile> read_yarn_berry(ByteView text);
Result<Lockfile> read_bun(ByteView text);
Result<Lockfile> read_ori(ByteView text);

// "name@rest" cut at the '@' that is not the first character; nothing where there is none.
std::optional<std::pair<std::string_view, std::string_view>> cut_at_version(std::string_view spec);

// How a specifier or address says where a package comes from.
enum class Origin : std::uint8_t { registry, local, foreign };
// `text` as it stands after the package's name: a version, or an address with a scheme.
Origin origin_of(std::string_view text);

inline std::unexpected<Error> bad(std::string text) {
  return fail(Code::bad_request, std::move(text));
}

}  // namespace kontor::lockfile
