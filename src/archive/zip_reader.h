#pragma once
// Push reader of a ZIP archive under limits. It takes the subset of ZIP that every reader unpacks
// to the same files, whether it goes by the headers before the entries or by the directory at the
// end: entries lie one behind the other from the first byte on, the directory lists each of them
// once and says the same of it, and nothing else is there. Stored and deflated entries, zip64, no
// encryption, no links. Pure: no I/O. Row PRG-02.
#include "archive/entry_sink.h"
#include "archive/raw_inflater.h"
#include "archive/zip_records.h"
#include "base/digest.h"
#include "domain/archive_limits.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace kontor {

class ZipSink : public EntrySink {
 public:
  // The directory lists an entry that was read before, all of them after the last one's end.
  // `mode` is the Unix mode (0: none stated), of a file or a folder as the path says. An unpacker
  // gives names to what it unpacked only when the archive's finish() has succeeded.
  virtual Result<void> listed(ByteView path, std::uint32_t mode) = 0;
};

// Paths are passed on as they stand; rules about them are the sink's (archive_rules.h).
// Memory: about 300 KiB and 48 bytes an entry. After an error the reader may only be destroyed.
// Errors are invalid_archive, or too_large for a limit, and do not depend on how the archive was
// cut into pieces.
class ZipReader final : private ByteSink {
 public:
  explicit ZipReader(const ArchiveLimits& limits);

  Result<void> feed(ByteView bytes, ZipSink& sink);
  // Fails where the archive ends early.
  Result<void> finish() const;

  std::uint64_t packed_size() const { return fed_; }

 private:
  enum class State : std::uint8_t {
    signature,
    entry,
    entry_text,
    data,
    sizes,
    listing,
    listing_text,
    big_end,
    big_locator,
    end,
    comment,
    done,
  };
  // What the directory must say.
  struct Known {
    std::uint64_t offset;
    Sha256 digest;
    bool listed = false;
  };

  Result<void> step();
  Result<void> take_signature();
  Result<void> take_entry();
  Result<void> take_data(ByteView& bytes);
  Result<void> write(ByteView piece) override;
  Result<void> end_data();
  Result<void> take_sizes();
  Result<void> end_entry();
  Result<void> take_listing();
  Result<void> take_big_end();
  Result<void> take_big_locator();
  Result<void> take_end();
  Result<void> take_comment();
  bool sized() const;  // the header before the entry being read says how long it is
  Result<void> check_entry_header() const;
  Result<void> check_unpacked(std::uint64_t size) const;  // of the entry being read
  Result<void> check_ratio(std::uint64_t unpacked, std::uint64_t packed) const;
  ZipEnd found_end() const;                   // what the end of the directory must say
  void await(State state, std::size_t size);  // that many bytes in all of the present record
  void end_record(ZipRecord record);

  const ArchiveLimits limits_;
  ZipSink* sink_ = nullptr;  // of the call
  State state_ = State::signature;
  std::optional<ZipRecord> last_;  // that was read whole
  Bytes held_;                     // of the record being read
  std::size_t wanted_ = kZipSignature;
  std::uint64_t fed_ = 0;
  std::uint64_t position_ = 0;  // where what is in held_ begins

  std::vector<Known> known_;  // by offset
  ZipHeader header_;          // of the entry being read
  Bytes name_;
  std::uint64_t begun_ = 0;  // where the entry being read begins
  std::uint32_t crc_ = 0;
  std::uint64_t packed_ = 0;    // of the entry, read so far
  std::uint64_t unpacked_ = 0;  // the same
  std::uint64_t total_ = 0;     // unpacked, of all entries before
  RawInflater inflater_;

  std::uint64_t directory_ = 0;      // where it begins
  std::uint64_t directory_end_ = 0;  // and the records behind it
  std::uint64_t listed_ = 0;
  Bytes last_listing_;
};

}  // namespace kontor
