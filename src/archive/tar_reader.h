#pragma once
// Push reader of a tar stream: ustar, GNU and pax headers, the last two within the strict subset
// that all readers understand alike.
#include "archive/entry_sink.h"
#include "archive/tar_header.h"
#include "base/bytes.h"
#include "base/error.h"
#include "domain/archive_limits.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace kontor {

// After an error the reader may only be destroyed. Errors are invalid_archive, or too_large for a
// limit, and do not depend on how the stream was cut into pieces.
class TarReader {
 public:
  explicit TarReader(const ArchiveLimits& limits);

  Result<void> feed(ByteView bytes, EntrySink& sink);

  // Fails where the stream ends before its end mark (one zero block; the second is not required).
  Result<void> finish() const;

 private:
  enum class State : std::uint8_t { header, content, metadata, padding, ended };
  enum class Metadata : std::uint8_t { none, pax, global_pax, long_name, long_link };

  Result<void> step(ByteView& bytes, EntrySink& sink);
  Result<void> take_header(ByteView& bytes, EntrySink& sink);
  Result<void> take_content(ByteView& bytes, EntrySink& sink);
  Result<void> take_metadata(ByteView& bytes);
  void take_padding(ByteView& bytes);

  Result<void> open_block(EntrySink& sink);
  Result<void> open_metadata(Metadata kind, const TarHeader& header);
  Result<void> open_entry(TarHeader header, EntrySink& sink);
  Result<void> close_metadata();
  Result<void> close_pax();

  ArchiveLimits limits_;
  State state_ = State::header;
  std::array<char, kTarBlock> block_{};
  std::size_t held_ = 0;       // bytes in block_
  std::uint64_t left_ = 0;     // bytes to come of content, metadata or padding
  std::uint32_t padding_ = 0;  // behind the present content or metadata
  std::uint64_t headers_ = 0;

  Metadata metadata_ = Metadata::none;
  Bytes text_;  // of the metadata being read
  // What metadata said about the next entry.
  std::optional<std::string> next_path_;
  std::optional<std::uint64_t> next_size_;
  bool next_has_pax_ = false;
  bool next_is_link_ = false;
};

}  // namespace kontor
