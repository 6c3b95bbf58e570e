// The archive's files are compared with CHECKSUM in one pass over both, which are sorted alike.
#include "formats/ori/contents.h"

#include "archive/refusal.h"

#include <algorithm>
#include <map>

namespace kontor::ori {
namespace {

constexpr std::uint64_t kMaxManifest = 256 * 1024;
constexpr std::uint64_t kMaxChecksum = 4u << 20;
constexpr std::uint64_t kMaxLock = 1u << 20;
constexpr std::string_view kManifest = "oripk.toml", kChecksum = "CHECKSUM", kLock = "oripk.lock";

// Places in ArchiveReport::wanted: each file at the root and below one folder.
enum Wanted : std::size_t {
  manifest,
  checksum,
  lock,
  nested_manifest,
  nested_checksum,
  nested_lock
};

struct Files {
  std::string prefix;  // "name-version/", or empty
  const CapturedFile* manifest = nullptr;
  const CapturedFile* checksum = nullptr;
  const CapturedFile* lock = nullptr;
};

// A cut file is one that stands elsewhere under a wanted name, or one that is too large.
Result<const CapturedFile*> whole_file(const ArchiveReport& report, std::size_t wanted) {
  const auto& found = report.wanted[wanted];
  if (!found) return nullptr;
  if (found->bytes.size() != found->size)
    return refuse_large(found->path, "is larger than a file of its kind may be");
  return &*found;
}

Result<Files> find_files(const ArchiveReport& report) {
  const bool nested = !report.wanted[manifest];
  if (nested && !report.wanted[nested_manifest])
    return refuse_archive("The archive has no oripk.toml at its root.");
  Files out;
  if (nested) {
    const auto& path = report.wanted[nested_manifest]->path;
    out.prefix = path.substr(0, path.find('/') + 1);
  }
  const std::size_t offset = nested ? nested_manifest : manifest;
  for (const auto& [place, which] :
       {std::pair{&out.manifest, manifest}, {&out.checksum, checksum}, {&out.lock, lock}}) {
    auto file = whole_file(report, which + offset);
    if (!file) return fail(file);
    *place = *file && (*file)->path.starts_with(out.prefix) ? *file : nullptr;
  }
  if (!out.checksum) return refuse_archive("The archive has no CHECKSUM beside its oripk.toml.");
  return out;
}

Result<void> check_places(const ArchiveReport& report, const Files& files) {
  bool source = false;
  for (const auto& file : report.files) {
    if (!file.path.starts_with(files.prefix))
      return refuse_entry(file.path, "lies outside the folder of the package");
    source = source || file.path.substr(files.prefix.size()).starts_with("src/");
  }
  if (!source) return refuse_archive("The archive has no file in src/.");
  return {};
}

using Digests = std::map<std::string, std::string, std::less<>>;  // hex by path

std::unexpected<Error> bad_line(std::size_t line, std::string_view rule) {
  return fail(Code::checksum_mismatch,
              "Line " + std::to_string(line) + " of CHECKSUM " + std::string(rule) + ".");
}

// One line a file: "sha256:<hex>  <path>", sorted by the paths' bytes, each ended by a line feed.
Result<Digests> read_checksums(std::string_view text) {
  constexpr std::string_view kPrefix = "sha256:";
  constexpr std::size_t kPath = kPrefix.size() + 64 + 2;
  Digests out;
  std::string_view last;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    if (end == text.npos) return bad_line(number, "does not end");
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const bool formed = line.size() > kPath && line.starts_with(kPrefix) &&
                        line.substr(kPath - 2, 2) == "  " &&
                        Sha256::from_hex(line.substr(kPrefix.size(), 64)).has_value();
    if (!formed) return bad_line(number, "is not \"sha256:<hex>  <path>\"");
    const auto path = line.substr(kPath);
    if (path <= last) return bad_line(number, "does not follow the line before in order of paths");
    last = path;
    out.emplace(path, line.substr(kPrefix.size(), 64));
  }
  return out;
}

std::unexpected<Error> mismatch(std::string_view path, std::string_view rule) {
  return fail(Code::checksum_mismatch,
              "The archive entry \"" + printable(path) + "\" " + std::string(rule) + ".");
}

Result<void> check_digests(const ArchiveReport& report, const Files& files) {
  auto stated = read_checksums(files.checksum->bytes);
  if (!stated) return fail(stated);
  for (const auto& file : report.files) {
    const auto path = std::string_view(file.path).substr(files.prefix.size());
    if (path == kChecksum) continue;
    const auto found = stated->find(path);
    if (found == stated->end()) return mismatch(path, "is not in CHECKSUM");
    if (found->second != file.sha256.hex())
      return mismatch(path, "does not have the digest that CHECKSUM states");
    stated->erase(found);
  }
  if (!stated->empty()) return mismatch(stated->begin()->first, "is in CHECKSUM and not there");
  return {};
}

std::unexpected<Error> bad_manifest(const Error& error) {
  return fail(error.code == Code::too_large ? Code::too_large : Code::manifest_mismatch,
              "oripk.toml: " + error.detail);
}

bool needs_lock(const Manifest& manifest) {
  return std::ranges::any_of(manifest.dependencies, [](const Dependency& d) {
    return d.source == Dependency::Source::registry;
  });
}

Result<void> check_folder(const Files& files, const Manifest& manifest) {
  const auto expected = manifest.name.base + "-" + to_string(manifest.version) + "/";
  if (files.prefix.empty() || files.prefix == expected) return {};
  return refuse_entry(files.manifest->path, "must lie at the root or in the folder " + expected);
}

}  // namespace

ArchiveRequest archive_request() {
  using enum WantedFile::Match;
  using enum WantedFile::Oversize;
  ArchiveRequest out;
  out.limits.packed_bytes = kMaxArchiveBytes;
  out.limits.unpacked_bytes = 100ull << 20;
  out.limits.file_bytes = 100ull << 20;
  out.limits.files = 10'000;
  out.limits.entries = 20'000;
  out.limits.ratio_floor = 16ull << 20;
  for (const auto match : {exact, below_any}) {
    out.wanted.push_back({std::string(kManifest), kMaxManifest, match, cut});
    out.wanted.push_back({std::string(kChecksum), kMaxChecksum, match, cut});
    out.wanted.push_back({std::string(kLock), kMaxLock, match, cut});
  }
  out.root = ArchiveRoot::anywhere;
  out.list_files = true;
  return out;
}

Result<Manifest> read_contents(const ArchiveReport& report) {
  auto files = find_files(report);
  if (!files) return fail(files);
  if (auto done = check_places(report, *files); !done) return fail(done);
  if (auto done = check_digests(report, *files); !done) return fail(done);
  auto read = read_manifest(files->manifest->bytes);
  if (!read) return bad_manifest(read.error());
  if (auto done = check_publishable(*read); !done) return bad_manifest(done.error());
  if (auto done = check_folder(*files, *read); !done) return fail(done);
  if (needs_lock(*read) && !files->lock)
    return refuse_archive(
        "The archive has no oripk.lock, which a package with dependencies must have.");
  return read;
}

}  // namespace kontor::ori
