// Inspection of a .tgz: gzip into tar into rules, totals and captures.
#include "archive/tarball_inspector.h"

#include "archive/archive_rules.h"
#include "archive/gzip_reader.h"
#include "archive/refusal.h"
#include "archive/tar_reader.h"
#include "base/encoding.h"
#include "base/sha256.h"

#include <algorithm>
#include <utility>

namespace kontor {
namespace {

// What follows the first folder; empty where there is none.
ByteView below_top(ByteView path) {
  const auto slash = path.find('/');
  return slash == path.npos ? ByteView() : path.substr(slash + 1);
}

bool matches(const WantedFile& wanted, ByteView path) {
  if (wanted.match == WantedFile::Match::exact) return path == wanted.name;
  if (wanted.match == WantedFile::Match::below_any) return below_top(path) == wanted.name;
  if (path.find('/') != ByteView::npos) return false;
  const ByteView stem = path.substr(0, path.find('.'));
  return equal_ignoring_case(stem, wanted.name);
}

}  // namespace

class TarballInspector::Impl final : public ByteSink, public TarSink {
 public:
  explicit Impl(ArchiveRequest request)
      : gzip_(request.limits),
        tar_(request.limits),
        rules_(request.limits),
        request_(std::move(request)) {
    report_.wanted.resize(request_.wanted.size());
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
    ByteView path = entry.path;
    if (request_.root == ArchiveRoot::one_folder) {
      const ByteView root = path.substr(0, path.find('/'));
      if (report_.root.empty()) report_.root = root;
      if (root != report_.root)
        return refuse_entry(path, "lies outside the archive's first top folder");
      if (entry.kind == TarEntry::Kind::file && root.size() == path.size())
        return refuse_entry(path, "lies outside any folder");
      path = below_top(path);
    }
    return entry.kind == TarEntry::Kind::file ? begin_file(path, entry) : Result<void>();
  }

  Result<void> data(ByteView piece) override {
    if (hash_) hash_->update(piece);
    for (const std::size_t i : capturing_) {
      Bytes& bytes = report_.wanted[i]->bytes;
      const auto room = static_cast<std::size_t>(request_.wanted[i].max_bytes) - bytes.size();
      bytes += piece.substr(0, room);
    }
    return {};
  }

  Result<void> end_entry() override {
    capturing_.clear();
    if (hash_) report_.files.back().sha256 = hash_->finish();
    hash_.reset();
    return {};
  }

 private:
  Result<void> begin_file(ByteView path, const TarEntry& entry) {
    if (++report_.file_count > request_.limits.files)
      return fail(Code::too_large, "The archive has more than " +
                                       std::to_string(request_.limits.files) + " files.");
    report_.unpacked_size += entry.size;
    if (request_.list_files) {
      report_.files.push_back({std::string(path), entry.size, {}});
      hash_.emplace();
    }
    return capture(path, entry);
  }

  Result<void> capture(ByteView path, const TarEntry& entry) {
    for (std::size_t i = 0; i < request_.wanted.size(); ++i) {
      const WantedFile& wanted = request_.wanted[i];
      if (report_.wanted[i] || !matches(wanted, path)) continue;
      if (entry.size > wanted.max_bytes && wanted.oversize == WantedFile::Oversize::refuse)
        return refuse_large(entry.path, "is larger than " + size_text(wanted.max_bytes));
      report_.wanted[i] = CapturedFile{std::string(path), entry.size, {}};
      capturing_.push_back(i);
    }
    return {};
  }

  GzipReader gzip_;
  TarReader tar_;
  ArchiveRules rules_;
  ArchiveRequest request_;
  std::optional<Sha256Hash> hash_;      // of the file being read, where files are listed
  std::vector<std::size_t> capturing_;  // those wanted whose file is being read
  TarballReport report_;
};

TarballInspector::TarballInspector(ArchiveRequest request)
    : impl_(std::make_unique<Impl>(std::move(request))) {}
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
