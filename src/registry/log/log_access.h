#pragma once
// Who may read what of which log. The public log is for whoever may read packages. Leaves of the
// private log have the permission of their packages, so a bundle is for those who may read every
// package in it; its hashes and sizes say nothing of packages and are for all accounts. The audit
// log is the administrators'.
#include "http/route.h"
#include "ports/log_records.h"
#include "registry/registry.h"

namespace kontor {

// Checkpoint, keys, hashes and proofs of places: what shows no leaf.
Result<void> may_read_hashes(const Registry& registry, const Principal& who, LogId log);
// The leaves of a bundle. not_found where a package in it is hidden from the caller.
Task<> may_read_leaves(Registry& registry, Principal who, LogId log, ByteView bundle,
                       std::uint32_t width);
// The leaves about one package.
Task<> may_read_package(Registry& registry, Principal who, LogId log, PackageKey key);

std::optional<FormatId> parse_format(std::string_view text);

}  // namespace kontor
