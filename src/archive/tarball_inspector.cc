// Inspection of a .tgz: gzip into tar into rules, totals and captures.
#include "archive/tarball_inspector.h"

#include "archive/archive_rules.h"
#include "archive/gzip_reader.h"
#include "archive/refusal.h"
#include "archive/tar_reader.h"
#include "base/encoding.h"

#include <algorithm>
#include <utility>

namespace kontor {
namespace {

bool matches(const WantedFile& wanted, ByteView path) {
  if (wanted.match == WantedFile::Match::exact) return path == wanted.name;
  if (path.find('/') != ByteView::npos) return false;
  const ByteView stem = path.substr(0, path.find('.'));
  return equal_ignoring_case(stem, wanted.name);
}

}  // namespace

class TarballInspector::Impl final : public ByteSink, public TarSink {
 public:
  Impl(const ArchiveLimits& limits, std::vector<WantedFile> wanted)
      : gzip_(limits), tar_(limits), rules_(limits), wanted_(std::move(wanted)) {
    report_.wanted.resize(wanted_.size());
  }

  Result<void> feed(ByteView packed) { return gzip_.feed(packed, *this); }

  Result<TarballReport> finish() {
    if (auto done = gzip_.finish(*this); !done) return fail(done);
    if (auto done = tar_.finish(); !done) return fail(done);
    report_.packed_size = gzip_.packed_size();
    return std::move(report_);
  }

  Result<void> write(ByteView piece) override { return tar_.feed(piece, *this); }

  Result<void> begin_entry(const TarEntry& entry) override {
    if (auto done = rules_.admit(entry); !done) return fail(done);
    const ByteView path = entry.path;
    const ByteView root = path.substr(0, path.find('/'));
    if (report_.root.empty()) report_.root = root;
    if (root != report_.root)
      return refuse_entry(path, "lies outside the archive's first top folder");
    if (entry.kind != TarEntry::Kind::file) return {};
    if (root.size() == path.size()) return refuse_entry(path, "lies outside any folder");
    ++report_.file_count;
    report_.unpacked_size += entry.size;
    return capture(path.substr(root.size() + 1), entry);
  }

  Result<void> data(ByteView piece) override {
    for (const std::size_t i : capturing_) {
      Bytes& bytes = report_.wanted[i]->bytes;
      const auto room = static_cast<std::size_t>(wanted_[i].max_bytes) - bytes.size();
      bytes += piece.substr(0, room);
    }
    return {};
  }

  Result<void> end_entry() override {
    capturing_.clear();
    return {};
  }

 private:
  Result<void> capture(ByteView path, const TarEntry& entry) {
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      if (report_.wanted[i] || !matches(wanted_[i], path)) continue;
      if (entry.size > wanted_[i].max_bytes && wanted_[i].oversize == WantedFile::Oversize::refuse)
        return refuse_large(entry.path, "is larger than " + size_text(wanted_[i].max_bytes));
      report_.wanted[i] = CapturedFile{std::string(path), entry.size, {}};
      capturing_.push_back(i);
    }
    return {};
  }

  GzipReader gzip_;
  TarReader tar_;
  ArchiveRules rules_;
  std::vector<WantedFile> wanted_;
  std::vector<std::size_t> capturing_;  // those whose file is being read
  TarballReport report_;
};

TarballInspector::TarballInspector(const ArchiveLimits& limits, std::vector<WantedFile> wanted)
    : impl_(std::make_unique<Impl>(limits, std::move(wanted))) {}
TarballInspector::TarballInspector(TarballInspector&&) noexcept = default;
TarballInspector& TarballInspector::operator=(TarballInspector&&) noexcept = default;
TarballInspector::~TarballInspector() = default;

Result<void> TarballInspector::feed(ByteView packed) {
  return impl_->feed(packed);
}

Result<TarballReport> TarballInspector::finish() {
  return impl_->finish();
}

}  // namespace kontor
