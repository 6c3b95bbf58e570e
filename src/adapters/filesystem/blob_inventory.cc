// A page of a listing is the smallest digests greater than the last one, found in one pass over the
// folder with a heap of that size: memory does not grow with the store.
#include "adapters/filesystem/blob_inventory.h"

#include "adapters/filesystem/blobs_in_use.h"
#include "adapters/filesystem/triple_hash.h"
#include "ports/run_on.h"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::fs {
namespace {

constexpr std::uint32_t kMaxPage = 65'536;
constexpr std::size_t kPiece = 256 * 1024;

// The smallest `limit` digests greater than `after` that the sweep does not protect, in order.
Result<std::vector<Sha256>> smallest_after(const BlobLayout& layout, const BlobsInUse::Sweep& seen,
                                           const std::optional<Sha256>& after, std::size_t limit) {
  std::vector<Sha256> heap;  // the greatest in front
  auto read = each_blob(layout, [&](const Sha256& digest) {
    if (after && digest <= *after) return;
    if (heap.size() == limit && digest >= heap.front()) return;
    if (seen.protects(digest)) return;
    if (heap.size() == limit) {
      std::ranges::pop_heap(heap);
      heap.pop_back();
    }
    heap.push_back(digest);
    std::ranges::push_heap(heap);
  });
  if (!read) return fail(read);
  std::ranges::sort_heap(heap);
  const auto twice = std::ranges::unique(heap);  // in both places
  heap.erase(twice.begin(), twice.end());
  return heap;
}

// From both places; errno of the first failure, 0 where neither has it any more.
int unlink_everywhere(const BlobLayout& layout, const Sha256& digest, bool& removed) {
  int error = 0;
  for (const auto& path : {layout.blob(digest), layout.ori_blob(digest)}) {
    if (::unlink(path.c_str()) == 0)
      removed = true;
    else if (errno != ENOENT && error == 0)
      error = errno;
  }
  return error;
}

std::optional<struct stat> stat_of(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 ? std::optional(info) : std::nullopt;
}

Timestamp modified(const struct stat& info) {
  return {info.st_mtim.tv_sec * 1000 + info.st_mtim.tv_nsec / 1'000'000};
}

class Sweep final : public kontor::BlobSweep {
 public:
  Sweep(CommitQueue& commits, Workers& workers, Loop& home)
      : layout_(commits.layout()),
        seen_(std::make_shared<BlobsInUse::Sweep>(commits.in_use())),
        workers_(workers),
        home_(home) {}

  Task<std::vector<BlobListing>> list(std::optional<Sha256> after, std::uint32_t limit) override {
    return run_on<std::vector<BlobListing>>(
        workers_, home_, [layout = layout_, seen = seen_, after, limit] {
          return page(layout, *seen, after, std::min(limit, kMaxPage));
        });
  }

  Task<bool> remove(Sha256 digest) override {
    return run_on<bool>(
        workers_, home_, [layout = layout_, seen = seen_, digest]() -> Result<bool> {
          int error = 0;
          const bool removed = seen->remove(digest, [&] {
            bool any = false;
            error = unlink_everywhere(layout, digest, any);
            return any && error == 0;
          });
          if (error) return fail_errno(error, "unlink blob " + digest.hex());
          return removed;
        });
  }

 private:
  static Result<std::vector<BlobListing>> page(const BlobLayout& layout,
                                               const BlobsInUse::Sweep& seen,
                                               const std::optional<Sha256>& after,
                                               std::size_t limit) {
    const auto digests = smallest_after(layout, seen, after, limit);
    if (!digests) return std::unexpected(digests.error());
    std::vector<BlobListing> out;
    for (const auto& digest : *digests) {
      if (const auto info = stat_of(locate(layout, digest)))
        out.push_back({digest, static_cast<std::uint64_t>(info->st_size), modified(*info)});
    }
    return out;
  }

  const BlobLayout layout_;
  std::shared_ptr<BlobsInUse::Sweep> seen_;  // shared with a worker that may outlive the caller
  Workers& workers_;
  Loop& home_;
};

}  // namespace

Result<BlobDigests> digests_of(const Fd& file) {
  TripleHash hash;
  std::string piece(kPiece, '\0');
  for (;;) {
    const auto n = ::read(file.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno(errno, "read");
    if (n == 0) return hash.finish();
    hash.update({piece.data(), static_cast<std::size_t>(n)});
  }
}

std::unique_ptr<kontor::BlobSweep> BlobInventory::sweep() {
  return std::make_unique<Sweep>(commits_, workers_, home_);
}

Task<BlobDigests> BlobInventory::rehash(Sha256 digest) {
  return run_on<BlobDigests>(workers_, home_,
                             [path = locate(commits_.layout(), digest)]() -> Result<BlobDigests> {
                               const auto file = open_for_reading(path);
                               if (!file) return std::unexpected(file.error());
                               return digests_of(*file);
                             });
}

Task<BlobLeftovers> BlobInventory::leftovers() {
  return run_on<BlobLeftovers>(workers_, home_,
                               [layout = commits_.layout()]() -> Result<BlobLeftovers> {
                                 BlobLeftovers out;
                                 auto read = each_name(layout.staging(), [&](const char* name) {
                                   const auto info = stat_of(layout.staged(name));
                                   ++out.count;
                                   if (info) out.bytes += static_cast<std::uint64_t>(info->st_size);
                                 });
                                 if (!read && read.error().code != Code::not_found)
                                   return fail(read);
                                 return out;
                               });
}

Task<> BlobInventory::remove_leftovers() {
  return run_on<void>(workers_, home_, [layout = commits_.layout()]() -> Result<void> {
    for (const auto& name : names_in(layout.staging())) remove_quietly(layout.staged(name));
    return {};
  });
}

}  // namespace kontor::fs
