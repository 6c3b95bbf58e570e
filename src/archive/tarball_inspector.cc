// Inspection of a .tgz: gzip into tar into the report.
#include "archive/tarball_inspector.h"

#include "archive/gzip_reader.h"
#include "archive/report_builder.h"
#include "archive/tar_reader.h"

#include <utility>

namespace kontor {

class TarballInspector::Impl final : public ByteSink {
 public:
  explicit Impl(ArchiveRequest request)
      : gzip_(request.limits), tar_(request.limits), report_(std::move(request)) {}

  Result<void> feed(ByteView packed) { return gzip_.feed(packed, *this); }

  Result<ArchiveReport> finish() {
    if (auto done = gzip_.finish(*this); !done) return fail(done);
    if (auto done = tar_.finish(); !done) return fail(done);
    return report_.take(gzip_.packed_size());
  }

  Result<void> write(ByteView piece) override { return tar_.feed(piece, report_); }

 private:
  GzipReader gzip_;
  TarReader tar_;
  ReportBuilder report_;
};

TarballInspector::TarballInspector(ArchiveRequest request)
    : impl_(std::make_unique<Impl>(std::move(request))) {}
TarballInspector::~TarballInspector() = default;

Result<void> TarballInspector::feed(ByteView packed) {
  return impl_->feed(packed);
}

Result<ArchiveReport> TarballInspector::finish() {
  return impl_->finish();
}

}  // namespace kontor
