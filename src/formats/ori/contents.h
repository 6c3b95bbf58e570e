#pragma once
// What an Ori archive must hold, judged on the report of its inspection. Rows ORI-03, D-05.
#include "domain/archive_report.h"
#include "formats/ori/manifest.h"

namespace kontor::ori {

inline constexpr std::uint64_t kMaxArchiveBytes = 10ull << 20;

// Limits of the row, and the files to keep for read_contents().
ArchiveRequest archive_request();

// The manifest inside, where the archive is a package: oripk.toml, CHECKSUM and src/ at the root or
// below one folder called <name>-<version>, CHECKSUM naming exactly the files there with their
// digests, oripk.lock where there are dependencies to lock, and a publishable manifest. Otherwise
// invalid_archive, manifest_mismatch or checksum_mismatch, naming the file and the rule.
Result<Manifest> read_contents(const ArchiveReport& report);

}  // namespace kontor::ori
