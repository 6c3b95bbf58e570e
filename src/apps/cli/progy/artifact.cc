// One reader of archives for the registry and its clients; here its entries become files.
#include "apps/cli/progy/artifact.h"

#include "adapters/filesystem/files.h"
#include "apps/cli/log/pin.h"
#include "archive/archive_rules.h"
#include "archive/path_fold.h"
#include "archive/zip_reader.h"
#include "base/sha256.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::cli::progy {
namespace {

namespace format = kontor::progy;

constexpr ArchiveLimits kLimits = {.packed_bytes = kMostArtifactBytes,
                                   .unpacked_bytes = 1ull << 30,
                                   .file_bytes = 1ull << 30,
                                   .entries = 50'000,
                                   .files = 50'000,
                                   .ratio = 200};

// Feeds a file's pieces to `take`.
Result<void> read_pieces(const std::string& path,
                         const std::function<Result<void>(std::string_view)>& take) {
  const auto file = fs::open_for_reading(path);
  if (!file && file.error().code == Code::not_found)
    return fail(Code::not_found, path + " is not there.");
  if (!file) return std::unexpected(file.error());
  std::string piece(256 * 1024, '\0');
  for (;;) {
    const auto count = ::read(file->get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(Code::bad_request, path + ": " + std::strerror(errno) + ".");
    if (count == 0) return {};
    auto taken = take(std::string_view(piece).substr(0, static_cast<std::size_t>(count)));
    if (!taken) return taken;
  }
}

// git and we keep our own things there.
bool is_reserved(std::string_view path) {
  bool first = true;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto name = fold_name(path.substr(0, slash));
    if (name == ".git" || name == "git~1" || (first && name == ".progy")) return true;
    first = false;
    path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
  }
  return false;
}

class Contents : public ZipSink {
 public:
  Result<void> begin_entry(const ArchiveEntry& entry) override {
    if (auto admitted = rules_.admit(entry); !admitted) return admitted;
    if (is_reserved(entry.path))
      return fail(Code::invalid_archive, "The archive entry \"" + printable(entry.path) +
                                             "\" lies where git or progy keep their own files.");
    path_ = entry.path;
    is_course_ = path_ == format::kCourseFile;
    if (entry.kind == ArchiveEntry::Kind::file) files_.insert(path_);
    return begin_file(entry);
  }
  Result<void> data(ByteView piece) override {
    if (is_course_ && course_.size() + piece.size() > format::kMaxCourseBytes)
      return fail(Code::too_large, "course.json is too large.");
    if (is_course_) course_.append(piece);
    return file_data(piece);
  }
  Result<void> end_entry() override { return end_file(); }
  Result<void> listed(ByteView, std::uint32_t) override { return {}; }

  const std::string& course() const { return course_; }
  std::set<std::string>& files() { return files_; }

 protected:
  virtual Result<void> begin_file(const ArchiveEntry&) { return {}; }
  virtual Result<void> file_data(ByteView) { return {}; }
  virtual Result<void> end_file() { return {}; }
  const std::string& path() const { return path_; }

 private:
  ArchiveRules rules_{kLimits};
  std::string path_;
  bool is_course_ = false;
  std::string course_;
  std::set<std::string> files_;
};

class Unpacker final : public Contents {
 public:
  explicit Unpacker(std::string folder) : folder_(std::move(folder)) {}

  Result<void> listed(ByteView path, std::uint32_t mode) override {
    if ((mode & S_IXUSR) && S_ISREG(mode) &&
        ::chmod((folder_ + "/" + std::string(path)).c_str(), 0755) != 0)
      return failed();
    return {};
  }

 private:
  Result<void> begin_file(const ArchiveEntry& entry) override {
    const auto target = folder_ + "/" + entry.path;
    const auto slash = target.rfind('/');
    if (auto made = make_folders_below(target.substr(0, slash)); !made) return made;
    if (entry.kind != ArchiveEntry::Kind::file) return {};
    file_ =
        fs::Fd(::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (!file_) return failed();
    return {};
  }
  Result<void> file_data(ByteView piece) override {
    if (auto written = fs::write_all(file_, piece); !written) return failed();
    return {};
  }
  Result<void> end_file() override {
    file_ = fs::Fd();
    return {};
  }

  // Most entries lie where the one before them did.
  Result<void> make_folders_below(const std::string& target) {
    if (target == last_folder_ || target.size() <= folder_.size()) return {};
    for (auto end = target.find('/', folder_.size() + 1);; end = target.find('/', end + 1)) {
      if (::mkdir(target.substr(0, end).c_str(), 0777) != 0 && errno != EEXIST) return failed();
      if (end == target.npos) break;
    }
    last_folder_ = target;
    return {};
  }

  Result<void> failed() const {
    return fail(Code::bad_request, folder_ + "/" + path() + ": " + std::strerror(errno) + ".");
  }

  std::string folder_;
  std::string last_folder_;
  fs::Fd file_;
};

Result<void> read_zip(const std::string& path, ZipSink& sink,
                      const std::function<void(std::uint64_t)>& progress) {
  ZipReader reader(kLimits);
  auto fed = read_pieces(path, [&](std::string_view piece) {
    auto taken = reader.feed(piece, sink);
    if (progress) progress(reader.packed_size());
    return taken;
  });
  return fed ? reader.finish() : fed;
}

}  // namespace

Failure course_failure(const std::string& file, const format::CourseFaults& faults) {
  Failure failure(Error{Code::bad_request, {}, {}});
  failure.name = "INVALID_COURSE";
  failure.message = file + (faults.size() == 1 ? " has a mistake:" : " has mistakes:");
  failure.facts = {{"faults", Json::array()}};
  for (const auto& fault : faults) {
    failure.message += "\n  " + fault.path + " " + fault.text;
    failure.facts["faults"].push_back({{"path", fault.path}, {"text", fault.text}});
  }
  return failure;
}

Outcome<ArtifactContents> read_artifact(const std::string& path) {
  Contents contents;
  if (auto read = read_zip(path, contents, {}); !read) {
    if (read.error().code == Code::not_found) return fail(read);
    return fail(read.error().code,
                path + " is no artifact of a course: " + std::string(read.error().message()));
  }
  if (!contents.files().contains(std::string(format::kCourseFile)))
    return fail(Code::invalid_archive, path + " has no course.json at its root.");
  auto course = format::read_course(contents.course());
  if (!course) return std::unexpected(course_failure("course.json in " + path, course.error()));
  return ArtifactContents{*std::move(course), std::move(contents.files())};
}

Outcome<void> unpack_artifact(const std::string& path, const std::string& folder,
                              const std::function<void(std::uint64_t)>& progress) {
  Unpacker unpacker(folder);
  if (auto read = read_zip(path, unpacker, progress); !read) return fail(read);
  return {};
}

Outcome<Sha256> hash_file(const std::string& path) {
  Sha256Hash hash;
  auto read = read_pieces(path, [&](std::string_view piece) -> Result<void> {
    hash.update(piece);
    return {};
  });
  if (!read) return fail(read);
  return hash.finish();
}

}  // namespace kontor::cli::progy
