// Users of the cache hold a shared lock; only who has it alone removes files.
#include "apps/cli/progy/cache.h"

#include "adapters/filesystem/whole_file.h"
#include "apps/cli/log/pin.h"
#include "apps/cli/progy/artifact.h"
#include "apps/cli/progy/part_file.h"
#include "formats/progy/names.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::cli::progy {
namespace {

namespace format = kontor::progy;

constexpr std::size_t kMostPromiseBytes = 64 * 1024;

bool lock(const fs::Fd& file, int how) {
  int result;
  do result = ::flock(file.get(), how);
  while (result != 0 && errno == EINTR);
  return result == 0;
}

// That it was used is kept as its time of change; times of access are often switched off.
void touch(const std::string& path) {
  ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
}

std::string promise_path(const std::string& artifact) {
  return artifact.substr(0, artifact.size() - std::string_view(".progy").size()) + ".json";
}

// What lies beside an artifact; nothing where it is damaged.
std::optional<CachedArtifact> read_promise(const std::string& artifact) {
  const auto text = fs::read_file(promise_path(artifact), kMostPromiseBytes);
  const auto document = text ? parse_json(*text) : Result<Json>(fail(Code::not_found));
  if (!document || !document->is_object()) return std::nullopt;
  auto release = RegistryApi::release_in(*document, {});
  struct stat status{};
  if (!release || ::stat(artifact.c_str(), &status) != 0) return std::nullopt;
  return CachedArtifact{text_of(*document, "registry"), *std::move(release), artifact,
                        status.st_mtim.tv_sec};
}

bool fits(const CachedArtifact& artifact, const CourseSpec& spec, const std::string& registry) {
  const auto& name = artifact.release.name;
  return artifact.registry == registry && (spec.name == name.full() || spec.name == name.base) &&
         (spec.version.empty() || spec.version == artifact.release.version);
}

// Stable versions above all others, as the registry has it.
bool is_lower(const CachedArtifact& a, const CachedArtifact& b) {
  const auto& x = a.release.version;
  const auto& y = b.release.version;
  if (format::is_stable(x) != format::is_stable(y)) return format::is_stable(y);
  return format::comes_before(x, y);
}

}  // namespace

Outcome<Cache> Cache::open(Desk& desk) {
  Cache cache(desk);
  cache.folder_ = desk.settings().home + "/cache/registry";
  if (auto made = make_folders(cache.folder_); !made) return fail(made);
  const auto path = cache.folder_ + "/lock";
  cache.lock_ = fs::Fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!cache.lock_ || !lock(cache.lock_, LOCK_SH))
    return fail(Code::bad_request, path + ": " + std::strerror(errno) + ".");
  return cache;
}

Cache::~Cache() {
  if (!lock_) return;
  lock(lock_, LOCK_UN);
  if (lock(lock_, LOCK_EX | LOCK_NB)) prune();
}

Outcome<std::string> Cache::fetch(RegistryApi& api, const Release& release) {
  const auto folder = folder_ + "/" + course_path(release.name);
  if (auto made = make_folders(folder); !made) return fail(made);
  const auto path = folder + "/" + release.version + ".progy";
  for (;;) {
    const auto hash = hash_file(path);
    if (hash && *hash == release.checksum) {
      touch(path);
      if (!read_promise(path))
        if (auto kept = keep(release, path, {}); !kept) return std::unexpected(kept.error());
      return path;
    }
    if (hash) {
      desk_->warn("The cached artifact of " + release.name.full() + " " + release.version +
                  " has sha256 " + hash->hex() + " and not " + release.checksum.hex() +
                  "; it is downloaded anew.");
      fs::remove_quietly(path);
    }
    auto done = download(api, release, path);
    if (!done || !done->empty()) return done;
  }
}

// Empty where another process has done it.
Outcome<std::string> Cache::download(RegistryApi& api, const Release& release,
                                     const std::string& path) {
  const auto part_path =
      path.substr(0, path.rfind('/')) + "/" + release.checksum.hex().substr(0, 16) + ".part";
  auto part = PartFile::open(part_path);
  if (!part) return std::unexpected(part.error());
  if (!*part) return std::string();
  auto bar = desk_->progress("Downloading");
  const auto progress = [&](std::uint64_t done, std::uint64_t all) { bar->update(done, all); };
  for (;;) {
    const bool resumed = (*part)->resumed();
    auto filled = (*part)->fill(api, release, progress);
    auto verified = filled ? (*part)->verify(release) : filled;
    // The old piece may be to blame: once more without it.
    if (!verified && verified.error().code == Code::checksum_mismatch && resumed) continue;
    if (!verified && verified.error().code == Code::checksum_mismatch)
      fs::remove_quietly(part_path);
    if (!verified) return std::unexpected(verified.error());
    if (auto kept = keep(release, path, part_path); !kept) return std::unexpected(kept.error());
    return path;
  }
}

// Gives the bytes their name and notes the promise.
Outcome<void> Cache::keep(const Release& release, const std::string& path,
                          const std::string& part) {
  if (!part.empty() && std::rename(part.c_str(), path.c_str()) != 0)
    return fail(Code::bad_request, path + ": " + std::strerror(errno) + ".");
  const Json promise = {{"registry", desk_->settings().registry},
                        {"name", release.name.full()},
                        {"version", release.version},
                        {"checksum", release.checksum.hex()},
                        {"sizeBytes", release.size}};
  auto noted = replace_file(path.substr(0, path.rfind('/')), release.version + ".json",
                            promise.dump(2) + "\n");
  if (!noted) return fail(noted);
  return {};
}

Outcome<CachedArtifact> Cache::find(const CourseSpec& spec) {
  auto all = list();
  std::erase_if(all, [&](const CachedArtifact& artifact) {
    return !fits(artifact, spec, desk_->settings().registry);
  });
  while (!all.empty()) {
    const auto best = std::ranges::max_element(all, is_lower);
    const auto hash = hash_file(best->path);
    if (hash && *hash == best->release.checksum) {
      touch(best->path);
      return *best;
    }
    all.erase(best);
  }
  return fail(Code::not_found, "The cache has no copy of " + spec.name +
                                   (spec.version.empty() ? "" : " " + spec.version) + ".");
}

std::vector<CachedArtifact> Cache::list() const {
  std::vector<CachedArtifact> all;
  for (const auto& scope : fs::names_in(folder_))
    for (const auto& slug : fs::names_in(folder_ + "/" + scope))
      for (const auto& file : fs::names_in(folder_ + "/" + scope + "/" + slug)) {
        const auto path = folder_ + "/" + scope + "/" + slug + "/" + file;
        if (!file.ends_with(".progy")) continue;
        if (auto found = read_promise(path)) all.push_back(*std::move(found));
      }
  std::ranges::sort(all, [](const CachedArtifact& a, const CachedArtifact& b) {
    if (a.release.name != b.release.name) return a.release.name < b.release.name;
    return format::comes_before(a.release.version, b.release.version);
  });
  return all;
}

void Cache::remove(const CachedArtifact& artifact) {
  fs::remove_quietly(artifact.path);
  fs::remove_quietly(promise_path(artifact.path));
}

Outcome<std::uint64_t> Cache::clean() {
  lock(lock_, LOCK_UN);
  if (!lock(lock_, LOCK_EX)) return fail(Code::bad_request, "The cache cannot be locked.");
  std::uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_, error))
    if (entry.is_regular_file(error)) bytes += entry.file_size(error);
  for (const auto& name : fs::names_in(folder_))
    if (name != "lock") std::filesystem::remove_all(folder_ + "/" + name, error);
  lock(lock_, LOCK_SH);
  return bytes;
}

// Half downloads count and go as artifacts do.
void Cache::prune() {
  struct Candidate {
    std::int64_t used;
    std::uint64_t size;
    std::string path;
  };
  std::vector<Candidate> candidates;
  std::uint64_t total = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_, error)) {
    const auto path = entry.path().string();
    struct stat status{};
    if (!path.ends_with(".progy") && !path.ends_with(".part")) continue;
    if (::stat(path.c_str(), &status) != 0) continue;
    const auto size = static_cast<std::uint64_t>(status.st_size);
    const auto& time = status.st_mtim;
    candidates.push_back({time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec, size, path});
    total += size;
  }
  std::ranges::sort(candidates, {}, &Candidate::used);
  for (const auto& oldest : candidates) {
    if (total <= desk_->settings().cache_limit) return;
    fs::remove_quietly(oldest.path);
    if (oldest.path.ends_with(".progy")) fs::remove_quietly(promise_path(oldest.path));
    total -= oldest.size;
  }
}

}  // namespace kontor::cli::progy
