// Times are DOS's first day: libzip's own conversion would depend on the time zone.
#include "adapters/zip/zip_writer.h"

#include <sys/stat.h>
#include <zip.h>

namespace kontor::zip {
namespace {

constexpr zip_uint16_t kFirstDay = 1 << 5 | 1;  // 1980-01-01
constexpr zip_uint32_t kLevel = 9;

std::unexpected<Error> not_written(::zip* archive) {
  return fail(Code::bad_request,
              std::string("The archive cannot be written: ") + zip_strerror(archive) + ".");
}

void report(zip_t*, double part, void* progress) {
  (*static_cast<const std::function<void(double)>*>(progress))(part);
}

}  // namespace

void ZipWriter::Discard::operator()(::zip* archive) const {
  zip_discard(archive);
}

ZipWriter::ZipWriter(Handle archive) : archive_(std::move(archive)) {}
ZipWriter::ZipWriter(ZipWriter&&) noexcept = default;
ZipWriter& ZipWriter::operator=(ZipWriter&&) noexcept = default;
ZipWriter::~ZipWriter() = default;

Result<ZipWriter> ZipWriter::create(const std::string& path) {
  int code = 0;
  Handle archive(zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
  if (archive) return ZipWriter(std::move(archive));
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  auto refused =
      fail(Code::bad_request, path + " cannot be written: " + zip_error_strerror(&error) + ".");
  zip_error_fini(&error);
  return refused;
}

Result<void> ZipWriter::add(const std::string& name, const std::string& file, bool executable) {
  ::zip* archive = archive_.get();
  zip_source_t* source = zip_source_file(archive, file.c_str(), 0, -1);
  if (!source) return not_written(archive);
  const auto index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return not_written(archive);
  }
  const auto at = static_cast<zip_uint64_t>(index);
  const auto mode = static_cast<zip_uint32_t>(S_IFREG | (executable ? 0755 : 0644));
  const bool set =
      zip_set_file_compression(archive, at, ZIP_CM_DEFLATE, kLevel) == 0 &&
      zip_file_set_dostime(archive, at, 0, kFirstDay, 0) == 0 &&
      zip_file_set_external_attributes(archive, at, 0, ZIP_OPSYS_UNIX, mode << 16) == 0;
  if (!set) return not_written(archive);
  return {};
}

Result<void> ZipWriter::finish(const std::function<void(double)>& progress) {
  constexpr double kStep = 0.001;
  if (progress)
    zip_register_progress_callback_with_state(archive_.get(), kStep, report, nullptr,
                                              const_cast<std::function<void(double)>*>(&progress));
  if (zip_close(archive_.get()) != 0) return not_written(archive_.get());
  (void)archive_.release();  // closed is freed
  return {};
}

}  // namespace kontor::zip
