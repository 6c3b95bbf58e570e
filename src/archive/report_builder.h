#pragma once
// What an inspection does with the entries of an archive of any form: it applies every rule of
// archive_rules.h and every limit, counts the totals and keeps the small files that were asked for.
#include "archive/archive_rules.h"
#include "archive/entry_sink.h"
#include "base/sha256.h"
#include "domain/archive_report.h"

#include <optional>
#include <vector>

namespace kontor {

// Memory: what is captured, 8 to 16 bytes for each entry, and the list of files where one is asked
// for.
class ReportBuilder final : public EntrySink {
 public:
  explicit ReportBuilder(ArchiveRequest request);

  Result<void> begin_entry(const ArchiveEntry& entry) override;
  Result<void> data(ByteView piece) override;
  Result<void> end_entry() override;

  // Once, when the archive has ended.
  ArchiveReport take(std::uint64_t packed_size);

 private:
  Result<void> begin_file(ByteView path, const ArchiveEntry& entry);
  Result<void> capture(ByteView path, const ArchiveEntry& entry);
  Result<void> keep(std::size_t wanted, ByteView piece);
  void note_program();

  ArchiveRules rules_;
  ArchiveRequest request_;
  ArchiveReport report_;
  // Of the file being read.
  std::string path_;
  std::uint64_t size_ = 0;  // read so far
  bool in_file_ = false;
  std::optional<Sha256Hash> hash_;      // where files are listed
  std::vector<std::size_t> capturing_;  // those wanted
  Bytes head_;                          // where programs are looked for
};

}  // namespace kontor
