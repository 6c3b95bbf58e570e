// Every call of the library is asked for its outcome; nothing is allocated by a stated size.
#include "adapters/zip/zip_file.h"

#include <array>
#include <zip.h>

namespace kontor::zip {
namespace {

constexpr std::size_t kPiece = 64 * 1024;

std::unexpected<Error> broken(const std::string& what) {
  return fail(Code::invalid_archive, "The ZIP archive " + what + ".");
}

struct CloseEntry {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

bool is_known_method(const zip_stat_t& stat) {
  if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
    return false;
  return !(stat.valid & ZIP_STAT_COMP_METHOD) || stat.comp_method == ZIP_CM_STORE ||
         stat.comp_method == ZIP_CM_DEFLATE;
}

}  // namespace

void ZipFile::Close::operator()(::zip* archive) const {
  zip_discard(archive);
}

ZipFile::ZipFile(Handle archive, const ZipLimits& limits)
    : archive_(std::move(archive)), limits_(limits) {
  const auto count = zip_get_num_entries(archive_.get(), 0);
  size_ = count > 0 ? static_cast<std::uint64_t>(count) : 0;
}
ZipFile::ZipFile(ZipFile&&) noexcept = default;
ZipFile& ZipFile::operator=(ZipFile&&) noexcept = default;
ZipFile::~ZipFile() = default;

Result<ZipFile> ZipFile::checked(Handle archive, const ZipLimits& limits) {
  ZipFile file(std::move(archive), limits);
  if (file.size_ > limits.max_entries)
    return fail(Code::too_large, "The ZIP archive has more than " +
                                     std::to_string(limits.max_entries) + " entries.");
  return file;
}

Result<ZipFile> ZipFile::open(const std::string& path, const ZipLimits& limits) {
  int code = 0;
  Handle archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (archive) return checked(std::move(archive), limits);
  if (code == ZIP_ER_NOENT || code == ZIP_ER_OPEN || code == ZIP_ER_READ)
    return fail(Code::not_found, path + " cannot be read.");
  return broken("cannot be read: it is damaged, or no ZIP archive at all");
}

Result<ZipFile> ZipFile::open_bytes(ByteView bytes, const ZipLimits& limits) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  Handle archive(source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr);
  zip_error_fini(&error);
  if (archive) return checked(std::move(archive), limits);
  if (source) zip_source_free(source);
  return broken("cannot be read: it is damaged, or no ZIP archive at all");
}

Result<ZipEntry> ZipFile::entry(std::uint64_t index) const {
  const char* name = zip_get_name(archive_.get(), index, ZIP_FL_ENC_GUESS);
  if (!name) return broken("has a damaged directory");
  ZipEntry entry{name, false};
  entry.is_folder = entry.name.ends_with('/');
  return entry;
}

Result<Bytes> ZipFile::read(std::uint64_t index) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat_index(archive_.get(), index, 0, &stat) != 0)
    return broken("has a damaged directory");
  if (!is_known_method(stat))
    return broken("has an entry that is encrypted or packed in a rare way");
  const std::unique_ptr<zip_file_t, CloseEntry> file(zip_fopen_index(archive_.get(), index, 0));
  if (!file) return broken("has a damaged entry");
  Bytes out;
  std::array<char, kPiece> piece;
  for (;;) {
    const auto got = zip_fread(file.get(), piece.data(), piece.size());
    if (got < 0) return broken("has a damaged entry");
    if (got == 0) return out;
    out.append(piece.data(), static_cast<std::size_t>(got));
    read_ += static_cast<std::uint64_t>(got);
    if (out.size() > limits_.max_entry_bytes || read_ > limits_.max_total_bytes)
      return fail(Code::too_large, "The ZIP archive unpacks to more than is taken.");
  }
}

}  // namespace kontor::zip
