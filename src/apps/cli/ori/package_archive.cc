// Archives are at most 10 MiB, and are handled whole.
#include "apps/cli/ori/package_archive.h"

#include "adapters/filesystem/files.h"
#include "apps/cli/ori/project_files.h"
#include "archive/gzip_reader.h"
#include "archive/gzip_writer.h"
#include "archive/tar_reader.h"
#include "archive/tar_writer.h"
#include "archive/tarball_inspector.h"
#include "base/sha256.h"
#include "formats/ori/contents.h"

#include <cerrno>
#include <optional>
#include <sys/stat.h>

namespace kontor::cli::ori {
namespace {

// Nine: packed once, fetched often.
constexpr int kLevel = 9;

std::string checksums(const Files& files) {
  std::string text;
  for (const auto& [path, bytes] : files)
    text += "sha256:" + sha256(bytes).hex() + "  " + path + "\n";
  return text;
}

Result<ArchiveReport> report_on(ByteView archive) {
  TarballInspector inspector(kontor::ori::archive_request());
  if (auto fed = inspector.feed(archive); !fed) return fail(fed);
  return inspector.finish();
}

// Writes the entries of an archive that was inspected.
class Unpacker final : public EntrySink, public ByteSink {
 public:
  Unpacker(std::string folder, std::string prefix, const ArchiveLimits& limits)
      : folder_(std::move(folder)), prefix_(std::move(prefix)), tar_(limits) {}

  Result<void> write(ByteView bytes) override { return tar_.feed(bytes, *this); }

  Result<void> begin_entry(const ArchiveEntry& entry) override {
    file_.reset();
    if (entry.kind != ArchiveEntry::Kind::file || !entry.path.starts_with(prefix_)) return {};
    const std::string path = folder_ + "/" + entry.path.substr(prefix_.size());
    if (auto made = make_folders(path.substr(0, path.rfind('/'))); !made) return made;
    auto file = fs::create_exclusive(path);
    if (!file) return std::unexpected(file.error());
    file_ = *std::move(file);
    return {};
  }
  Result<void> data(ByteView piece) override {
    return file_ ? fs::write_all(*file_, piece) : Result<void>();
  }
  Result<void> end_entry() override {
    if (file_ && ::fchmod(file_->get(), 0444) != 0) return fs::fail_errno(errno, folder_);
    file_.reset();
    return {};
  }

 private:
  std::string folder_;
  std::string prefix_;
  TarReader tar_;
  std::optional<fs::Fd> file_;
};

// The folder in which all files lie, with its slash, or empty.
std::string prefix_of(const ArchiveReport& report) {
  for (const auto& file : report.files)
    if (file.path == "CHECKSUM") return {};
  const auto& path = report.files.front().path;
  return path.substr(0, path.find('/') + 1);
}

}  // namespace

Bytes pack(Files files) {
  files["CHECKSUM"] = checksums(files);
  TarWriter tar;
  for (const auto& [path, bytes] : files) tar.file(path, bytes);
  return gzip(tar.finish(), kLevel);
}

Result<kontor::ori::Manifest> inspect(ByteView archive) {
  const auto report = report_on(archive);
  if (!report) return std::unexpected(report.error());
  return kontor::ori::read_contents(*report);
}

Result<void> unpack(ByteView archive, const std::string& folder) {
  const auto report = report_on(archive);
  if (!report) return std::unexpected(report.error());
  if (auto read = kontor::ori::read_contents(*report); !read) return fail(read);
  const auto limits = kontor::ori::archive_request().limits;
  Unpacker sink(folder, prefix_of(*report), limits);
  GzipReader gzip(limits);
  if (auto fed = gzip.feed(archive, sink); !fed) return fed;
  return gzip.finish(sink);
}

}  // namespace kontor::cli::ori
