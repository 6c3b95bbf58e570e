// The reader's entries go to the report; what the directory lists besides is not asked for.
#include "archive/zip_inspector.h"

#include "archive/report_builder.h"
#include "archive/zip_reader.h"

#include <utility>

namespace kontor {

class ZipInspector::Impl final : public ZipSink {
 public:
  explicit Impl(ArchiveRequest request) : reader_(request.limits), report_(std::move(request)) {}

  Result<void> feed(ByteView packed) { return reader_.feed(packed, *this); }
  Result<ArchiveReport> finish() {
    if (auto done = reader_.finish(); !done) return fail(done);
    return report_.take(reader_.packed_size());
  }

  Result<void> begin_entry(const ArchiveEntry& entry) override {
    return report_.begin_entry(entry);
  }
  Result<void> data(ByteView piece) override { return report_.data(piece); }
  Result<void> end_entry() override { return report_.end_entry(); }
  Result<void> listed(ByteView, std::uint32_t) override { return {}; }

 private:
  ZipReader reader_;
  ReportBuilder report_;
};

ZipInspector::ZipInspector(ArchiveRequest request)
    : impl_(std::make_unique<Impl>(std::move(request))) {}
ZipInspector::~ZipInspector() = default;

Result<void> ZipInspector::feed(ByteView packed) {
  return impl_->feed(packed);
}

Result<ArchiveReport> ZipInspector::finish() {
  return impl_->finish();
}

}  // namespace kontor
