// A state for each record; fixed records are held until they are whole, data passes through.
#include "archive/zip_reader.h"

#include "archive/refusal.h"
#include "base/sha256.h"

#include <zlib.h>

#include <algorithm>
#include <string>

namespace kontor {
namespace {

constexpr std::uint16_t kStored = 0, kDeflated = 8;
constexpr std::uint16_t kNewest = 45;  // version needed for zip64
constexpr std::uint16_t kFlags = 0x0002 | 0x0004 | 0x0008 | 0x0800;
constexpr std::uint32_t kKind = 0170000, kRegular = 0100000, kFolder = 0040000;

bool is_folder(ByteView name) {
  return name.ends_with('/');
}

bool is_ascii(ByteView name) {
  return std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// What holds of both headers of an entry.
Result<void> check_header(const ZipHeader& header, ByteView name) {
  if (header.encrypted()) return refuse_entry(name, "is encrypted");
  if (header.flags & ~kFlags) return refuse_entry(name, "has flags that are not understood");
  if (header.method != kStored && header.method != kDeflated)
    return refuse_entry(name, "is packed by another method than deflate");
  if (header.needed > kNewest) return refuse_entry(name, "needs a newer version of ZIP");
  if (!header.utf8() && !is_ascii(name))
    return refuse_entry(name, "has a name that is not marked as UTF-8");
  return {};
}

Result<void> check_mode(const ZipHeader& header, ByteView name) {
  const auto kind = header.mode & kKind;
  if (kind == 0 || kind == (is_folder(name) ? kFolder : kRegular)) return {};
  return refuse_entry(name, "is a link, a device or not of the kind that its name says");
}

// Of all that the two headers must agree on.
Sha256 digest_of(const ZipHeader& header, ByteView name) {
  Bytes text(name);
  for (const std::uint64_t number : {std::uint64_t{header.method}, std::uint64_t{header.crc},
                                     header.packed, header.unpacked, std::uint64_t{header.utf8()}})
    text += '\0' + std::to_string(number);
  return sha256(text);
}

// Headers before streamed data say nothing, or the truth.
bool is_silent_or(std::uint64_t stated, std::uint64_t truth) {
  return stated == 0 || stated == truth;
}

// The same for the end of a directory that has a zip64 end before it: numbers that do not fit.
bool agrees(std::uint64_t stated, std::uint64_t truth, std::uint64_t unfit, bool big) {
  return stated == truth || (big && stated == unfit);
}

}  // namespace

ZipReader::ZipReader(const ArchiveLimits& limits) : limits_(limits) {}

// Stored bytes do not say where they end.
bool ZipReader::sized() const {
  return !header_.streamed() || header_.method == kStored;
}

void ZipReader::await(State state, std::size_t size) {
  state_ = state;
  wanted_ = size;
}

void ZipReader::end_record(ZipRecord record) {
  position_ += held_.size();
  held_.clear();
  last_ = record;
  await(State::signature, kZipSignature);
}

Result<void> ZipReader::feed(ByteView bytes, ZipSink& sink) {
  if (bytes.size() > limits_.packed_bytes - fed_)
    return fail(Code::too_large,
                "The archive is larger than " + size_text(limits_.packed_bytes) + ".");
  fed_ += bytes.size();
  sink_ = &sink;
  while (!bytes.empty()) {
    if (state_ == State::done)
      return refuse_archive("There is data behind the end of the ZIP archive.");
    if (state_ == State::data) {
      if (auto done = take_data(bytes); !done) return done;
      continue;
    }
    const auto piece = bytes.substr(0, wanted_ - held_.size());
    held_ += piece;
    bytes.remove_prefix(piece.size());
    if (held_.size() < wanted_) break;
    if (auto done = step(); !done) return done;
  }
  return {};
}

Result<void> ZipReader::finish() const {
  if (state_ == State::done) return {};
  if (!last_ && state_ == State::signature) return refuse_archive("This is no ZIP archive.");
  return refuse_archive("The ZIP archive is cut short.");
}

Result<void> ZipReader::step() {
  switch (state_) {
    case State::signature:
      return take_signature();
    case State::entry: {
      const auto header = read_zip_entry(held_);
      if (header.name_size == 0)
        return refuse_archive("The ZIP archive has an entry without a name.");
      await(State::entry_text, kZipEntry + header.name_size + header.extra_size);
      return {};
    }
    case State::entry_text:
      return take_entry();
    case State::sizes:
      return take_sizes();
    case State::listing: {
      const auto header = read_zip_listing(held_);
      if (header.name_size == 0)
        return refuse_archive("The ZIP archive lists an entry without a name.");
      await(State::listing_text,
            kZipListing + header.name_size + header.extra_size + header.comment_size);
      return {};
    }
    case State::listing_text:
      return take_listing();
    case State::big_end:
      return take_big_end();
    case State::big_locator:
      return take_big_locator();
    case State::end:
      return take_end();
    case State::comment:
      return take_comment();
    case State::data:
    case State::done:
      break;
  }
  return {};
}

// Which record may follow which; everything else, and anything in between, is refused.
Result<void> ZipReader::take_signature() {
  using enum ZipRecord;
  const auto next = static_cast<ZipRecord>(zip_u32(held_, 0));
  const bool entries = !last_ || last_ == entry;
  const bool directory = last_ == listing;
  if (entries && (next == listing || next == end)) directory_ = position_;
  if ((entries || directory) && next != entry && next != listing) directory_end_ = position_;
  if (entries && next == entry)
    await(State::entry, kZipEntry);
  else if ((last_ == entry || directory) && next == listing)
    await(State::listing, kZipListing);
  else if (directory && next == big_end)
    await(State::big_end, kZipBigEnd);
  else if (last_ == big_end && next == big_locator)
    await(State::big_locator, kZipBigLocator);
  else if (last_ != big_end && next == end)
    await(State::end, kZipEnd);
  else if (!last_)
    return refuse_archive("This is no ZIP archive.");
  else
    return refuse_archive("The ZIP archive has other bytes between its records.");
  return {};
}

Result<void> ZipReader::check_entry_header() const {
  if (auto done = check_header(header_, name_); !done) return done;
  if (known_.size() >= limits_.entries)
    return fail(Code::too_large,
                "The archive has more than " + std::to_string(limits_.entries) + " entries.");
  return sized() ? check_unpacked(header_.unpacked) : Result<void>();
}

Result<void> ZipReader::take_entry() {
  header_ = read_zip_entry(held_);
  name_ = held_.substr(kZipEntry, header_.name_size);
  const auto extra = ByteView(held_).substr(kZipEntry + header_.name_size);
  if (auto done = read_zip_extra(header_, name_, extra); !done) return done;
  if (auto done = check_entry_header(); !done) return done;
  begun_ = position_;
  position_ += held_.size();
  held_.clear();
  crc_ = 0;
  packed_ = unpacked_ = 0;
  inflater_.restart();
  using enum ArchiveEntry::Kind;
  const ArchiveEntry entry{name_, sized() ? header_.unpacked : 0,
                           is_folder(name_) ? directory : file};
  if (auto done = sink_->begin_entry(entry); !done) return done;
  state_ = State::data;
  return sized() && header_.packed == 0 ? end_data() : Result<void>();
}

Result<void> ZipReader::take_data(ByteView& bytes) {
  auto piece = bytes;
  if (sized()) piece = piece.substr(0, header_.packed - packed_);
  std::size_t used = piece.size();
  if (header_.method == kDeflated) {
    const auto taken = inflater_.feed(piece, *this);
    if (!taken && inflater_.damaged()) return refuse_entry(name_, "is damaged");
    if (!taken) return fail(taken.error().code, taken.error().detail, taken.error().cause);
    used = *taken;
  } else if (auto done = write(piece); !done) {
    return done;
  }
  packed_ += used;
  position_ += used;
  bytes.remove_prefix(used);
  const bool whole = sized() && packed_ == header_.packed;
  return whole || inflater_.ended() ? end_data() : Result<void>();
}

Result<void> ZipReader::write(ByteView piece) {
  unpacked_ += piece.size();
  if (sized() && unpacked_ > header_.unpacked)
    return refuse_entry(name_, "unpacks to more than it states");
  if (auto done = check_unpacked(unpacked_); !done) return done;
  const auto* data = reinterpret_cast<const Bytef*>(piece.data());
  crc_ = static_cast<std::uint32_t>(crc32_z(crc_, data, piece.size()));
  return sink_->data(piece);
}

Result<void> ZipReader::check_unpacked(std::uint64_t size) const {
  if (size > limits_.file_bytes)
    return refuse_large(name_, "unpacks to more than " + size_text(limits_.file_bytes));
  if (size > limits_.unpacked_bytes - total_)
    return fail(Code::too_large,
                "The archive unpacks to more than " + size_text(limits_.unpacked_bytes) + ".");
  return sized() ? check_ratio(total_ + size, position_ + header_.packed) : Result<void>();
}

Result<void> ZipReader::check_ratio(std::uint64_t unpacked, std::uint64_t packed) const {
  if (unpacked <= limits_.ratio_floor || unpacked / std::max(1u, limits_.ratio) <= packed)
    return {};
  return fail(Code::too_large, "The archive unpacks to more than " + std::to_string(limits_.ratio) +
                                   " times its size.");
}

Result<void> ZipReader::end_data() {
  if (header_.method == kDeflated && !inflater_.ended()) return refuse_entry(name_, "is cut short");
  if (header_.streamed()) {
    await(State::sizes, header_.big ? 24 : 16);
    return {};
  }
  if (packed_ != header_.packed) return refuse_entry(name_, "has other bytes behind its data");
  return end_entry();
}

Result<void> ZipReader::take_sizes() {
  const bool big = header_.big;
  const auto crc = zip_u32(held_, 4);
  const auto packed = big ? zip_u64(held_, 8) : zip_u32(held_, 8);
  const auto unpacked = big ? zip_u64(held_, 16) : zip_u32(held_, 12);
  if (header_.method == kStored && static_cast<ZipRecord>(zip_u32(held_, 0)) != ZipRecord::sizes)
    return refuse_entry(name_, "is stored without its size before it; deflate it");
  const bool true_sizes = static_cast<ZipRecord>(zip_u32(held_, 0)) == ZipRecord::sizes &&
                          crc == crc_ && packed == packed_ && unpacked == unpacked_;
  if (!true_sizes || !is_silent_or(header_.crc, crc) || !is_silent_or(header_.packed, packed) ||
      !is_silent_or(header_.unpacked, unpacked))
    return refuse_entry(name_, "is not what its sizes say");
  header_.crc = crc;
  header_.packed = packed;
  header_.unpacked = unpacked;
  return end_entry();
}

Result<void> ZipReader::end_entry() {
  if (unpacked_ != header_.unpacked) return refuse_entry(name_, "unpacks to less than it states");
  if (crc_ != header_.crc) return refuse_entry(name_, "does not have its checksum");
  if (is_folder(name_) && unpacked_ > 0) return refuse_entry(name_, "is a folder with contents");
  total_ += unpacked_;
  if (auto done = check_ratio(total_, position_); !done) return done;
  known_.push_back({begun_, digest_of(header_, name_)});
  end_record(ZipRecord::entry);
  return sink_->end_entry();
}

Result<void> ZipReader::take_listing() {
  auto header = read_zip_listing(held_);
  const auto name = ByteView(held_).substr(kZipListing, header.name_size);
  const auto extra = ByteView(held_).substr(kZipListing + header.name_size, header.extra_size);
  if (auto done = read_zip_extra(header, name, extra); !done) return done;
  if (auto done = check_header(header, name); !done) return done;
  if (auto done = check_mode(header, name); !done) return done;
  const auto found = std::ranges::lower_bound(known_, header.offset, {}, &Known::offset);
  if (found == known_.end() || found->offset != header.offset || header.disk != 0)
    return refuse_entry(name, "is listed where there is no entry");
  if (found->listed) return refuse_entry(name, "is listed twice");
  if (found->digest != digest_of(header, name))
    return refuse_entry(name, "is listed as another than it is");
  found->listed = true;
  ++listed_;
  if (auto done = sink_->listed(name, header.mode); !done) return done;
  last_listing_ = held_;
  end_record(ZipRecord::listing);
  return {};
}

ZipEnd ZipReader::found_end() const {
  return {.entries = listed_,
          .size = directory_end_ - directory_,
          .offset = directory_,
          .one_disk = true,
          .comment_size = 0};
}

Result<void> ZipReader::take_big_end() {
  constexpr std::uint64_t kRest = kZipBigEnd - 12;  // as the record counts its own size
  if (zip_u64(held_, 4) != kRest || read_zip_big_end(held_) != found_end())
    return refuse_archive("The zip64 end of the directory does not describe it.");
  end_record(ZipRecord::big_end);
  return {};
}

Result<void> ZipReader::take_big_locator() {
  const bool right =
      zip_u32(held_, 4) == 0 && zip_u64(held_, 8) == directory_end_ && zip_u32(held_, 16) == 1;
  if (!right)
    return refuse_archive("The zip64 end of the directory is not where it is said to be.");
  end_record(ZipRecord::big_locator);
  return {};
}

Result<void> ZipReader::take_end() {
  const auto stated = read_zip_end(held_);
  const auto truth = found_end();
  const bool big = last_ == ZipRecord::big_locator;
  if (listed_ != known_.size())
    return refuse_archive("The directory of the ZIP archive does not list all entries.");
  if (!stated.one_disk || !agrees(stated.entries, truth.entries, 0xffff, big) ||
      !agrees(stated.size, truth.size, kZipBig, big) ||
      !agrees(stated.offset, truth.offset, kZipBig, big))
    return refuse_archive("The end of the ZIP archive does not describe its directory.");
  // Other readers look for a locator right here, whatever the bytes belong to.
  if (!big && last_listing_.size() >= kZipBigLocator &&
      static_cast<ZipRecord>(zip_u32(last_listing_, last_listing_.size() - kZipBigLocator)) ==
          ZipRecord::big_locator)
    return refuse_archive("The directory of the ZIP archive ends like a zip64 locator.");
  if (stated.comment_size == 0)
    state_ = State::done;
  else
    await(State::comment, kZipEnd + stated.comment_size);
  return {};
}

// Other readers search the end from behind, so that one inside the comment would be found first.
Result<void> ZipReader::take_comment() {
  if (held_.find("PK\5\6", kZipEnd) != held_.npos)
    return refuse_archive("The comment of the ZIP archive holds another end of a directory.");
  state_ = State::done;
  return {};
}

}  // namespace kontor
