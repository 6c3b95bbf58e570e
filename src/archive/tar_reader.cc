// The push machine of the tar reader.
#include "archive/tar_reader.h"

#include "archive/pax.h"
#include "archive/refusal.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace kontor {
namespace {

// Paths are far shorter; the room is for attributes that other systems record.
constexpr std::uint64_t kMaxMetadata = 64 * 1024;

ArchiveEntry::Kind kind_of(char type) {
  using enum ArchiveEntry::Kind;
  switch (type) {
    case '0':
      return file;
    case '1':
      return hard_link;
    case '2':
      return symbolic_link;
    case '3':
    case '4':
      return device;
    case '5':
      return directory;
    case '6':
      return fifo;
    case 'S':
      return sparse;
    default:
      return other;
  }
}

ByteView take(ByteView& bytes, std::uint64_t most) {
  const ByteView front = bytes.substr(0, std::min<std::uint64_t>(most, bytes.size()));
  bytes.remove_prefix(front.size());
  return front;
}

}  // namespace

TarReader::TarReader(const ArchiveLimits& limits) : limits_(limits) {}

Result<void> TarReader::feed(ByteView bytes, EntrySink& sink) {
  while (!bytes.empty())
    if (auto done = step(bytes, sink); !done) return fail(done);
  return {};
}

Result<void> TarReader::step(ByteView& bytes, EntrySink& sink) {
  switch (state_) {
    case State::header:
      return take_header(bytes, sink);
    case State::content:
      return take_content(bytes, sink);
    case State::metadata:
      return take_metadata(bytes);
    case State::padding:
      take_padding(bytes);
      return {};
    case State::ended:
      break;
  }
  if (!is_zero_block(bytes)) return refuse_archive("There is data behind the end of the archive.");
  bytes = {};
  return {};
}

Result<void> TarReader::take_header(ByteView& bytes, EntrySink& sink) {
  const ByteView piece = take(bytes, kTarBlock - held_);
  std::memcpy(block_.data() + held_, piece.data(), piece.size());
  held_ += piece.size();
  if (held_ < kTarBlock) return {};
  held_ = 0;
  return open_block(sink);
}

Result<void> TarReader::take_content(ByteView& bytes, EntrySink& sink) {
  const ByteView piece = take(bytes, left_);
  left_ -= piece.size();
  if (auto done = sink.data(piece); !done) return fail(done);
  if (left_ > 0) return {};
  left_ = padding_;
  state_ = left_ == 0 ? State::header : State::padding;
  return sink.end_entry();
}

Result<void> TarReader::take_metadata(ByteView& bytes) {
  const ByteView piece = take(bytes, left_);
  text_ += piece;
  left_ -= piece.size();
  if (left_ > 0) return {};
  left_ = padding_;
  state_ = left_ == 0 ? State::header : State::padding;
  return close_metadata();
}

void TarReader::take_padding(ByteView& bytes) {
  left_ -= take(bytes, left_).size();
  if (left_ == 0) state_ = State::header;
}

Result<void> TarReader::open_block(EntrySink& sink) {
  const ByteView block(block_.data(), block_.size());
  const bool pending = next_has_pax_ || next_path_ || next_is_link_;
  if (is_zero_block(block)) {
    if (pending) return refuse_archive("The archive ends behind a header without its entry.");
    state_ = State::ended;
    return {};
  }
  if (++headers_ > limits_.entries)
    return fail(Code::too_large,
                "The archive has more than " + std::to_string(limits_.entries) + " entries.");
  auto header = parse_tar_header(block);
  if (!header) return fail(header);
  switch (header->type) {
    case 'x':
      return open_metadata(Metadata::pax, *header);
    case 'g':
      return open_metadata(Metadata::global_pax, *header);
    case 'L':
      return open_metadata(Metadata::long_name, *header);
    case 'K':
      return open_metadata(Metadata::long_link, *header);
    default:
      return open_entry(std::move(*header), sink);
  }
}

// One pax header, or GNU's long name and long link, may stand before an entry; readers disagree
// about anything more.
Result<void> TarReader::open_metadata(Metadata kind, const TarHeader& header) {
  const bool gnu = kind == Metadata::long_name || kind == Metadata::long_link;
  if (next_has_pax_ || (!gnu && (next_path_ || next_is_link_)) ||
      (kind == Metadata::long_name && next_path_) || (kind == Metadata::long_link && next_is_link_))
    return refuse_archive("Two extended headers stand before one entry.");
  if (header.size == 0 || header.size > kMaxMetadata)
    return refuse_archive("An extended header is empty or too long.");
  metadata_ = kind;
  text_.clear();
  left_ = header.size;
  padding_ = static_cast<std::uint32_t>(-header.size % kTarBlock);
  state_ = State::metadata;
  return {};
}

Result<void> TarReader::close_metadata() {
  if (metadata_ == Metadata::long_link) {
    next_is_link_ = true;
    return {};
  }
  if (metadata_ != Metadata::long_name) return close_pax();
  text_.erase(std::min(text_.find_last_not_of('\0') + 1, text_.size()));
  if (text_.empty()) return refuse_archive("A GNU long name is empty.");
  next_path_ = std::exchange(text_, {});
  return {};
}

Result<void> TarReader::close_pax() {
  auto records = parse_pax(text_);
  if (!records) return fail(records);
  if (metadata_ == Metadata::global_pax) {
    if (records->path || records->size || records->has_linkpath)
      return refuse_archive("A global pax header states a path or a size.");
    return {};
  }
  next_has_pax_ = true;
  next_path_ = std::move(records->path);
  next_size_ = records->size;
  next_is_link_ = records->has_linkpath;
  return {};
}

Result<void> TarReader::open_entry(TarHeader header, EntrySink& sink) {
  ArchiveEntry entry{next_path_ ? std::move(*next_path_) : std::move(header.path), header.size,
                     kind_of(header.type)};
  next_path_.reset();
  next_has_pax_ = false;
  const bool needs_link = std::exchange(next_is_link_, false);
  const auto pax_size = std::exchange(next_size_, std::nullopt);
  using enum ArchiveEntry::Kind;
  if (needs_link && entry.kind != hard_link && entry.kind != symbolic_link)
    return refuse_entry(entry.path, "has the target of a link but is none");
  if (pax_size && *pax_size != entry.size)
    return refuse_entry(entry.path, "has two sizes that differ");
  if (entry.kind == file && entry.size > limits_.file_bytes)
    return refuse_large(entry.path, "is larger than " + size_text(limits_.file_bytes));
  if (auto done = sink.begin_entry(entry); !done) return fail(done);
  if (entry.kind != file && entry.size > 0)
    return refuse_entry(entry.path, "has content but is not a file");
  if (entry.size == 0) return sink.end_entry();
  left_ = entry.size;
  padding_ = static_cast<std::uint32_t>(-entry.size % kTarBlock);
  state_ = State::content;
  return {};
}

Result<void> TarReader::finish() const {
  if (state_ == State::ended) return {};
  return refuse_archive("The archive is cut short: its end mark is missing.");
}

}  // namespace kontor
