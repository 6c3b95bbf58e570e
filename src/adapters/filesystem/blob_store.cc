// Reads are small and of files that are mostly in the page cache, so they run on the loop.
#include "adapters/filesystem/blob_store.h"

#include "adapters/filesystem/blob_writer.h"
#include "base/encoding.h"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::fs {
namespace {

constexpr std::uint64_t kMaxRead = 16u << 20;
constexpr std::size_t kStagedNameBytes = 16;

Result<std::uint64_t> size_of(const Fd& file) {
  struct stat info{};
  if (::fstat(file.get(), &info) < 0) return fail_errno(errno, "fstat");
  return static_cast<std::uint64_t>(info.st_size);
}

Result<Bytes> read_at(const Fd& file, std::uint64_t offset, std::uint64_t length) {
  Bytes out(length, '\0');
  std::size_t filled = 0;
  while (filled < out.size()) {
    const auto n = ::pread(file.get(), out.data() + filled, out.size() - filled,
                           static_cast<off_t>(offset + filled));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno(errno, "read");
    if (n == 0) return fail(Code::storage_failed, {}, "a blob is shorter than its size");
    filled += static_cast<std::size_t>(n);
  }
  return out;
}

}  // namespace

Result<Fd> open_blob(const BlobLayout& layout, const Sha256& digest) {
  auto file = open_for_reading(layout.blob(digest));
  if (file || file.error().code != Code::not_found) return file;
  return open_for_reading(layout.ori_blob(digest));
}

BlobStore::BlobStore(CommitQueue& commits, Entropy& entropy, Workers& workers, Loop& home,
                     BlobPlace place)
    : place_(place),
      commits_(commits),
      layout_(commits.layout()),
      entropy_(entropy),
      workers_(workers),
      home_(home) {}

Task<std::unique_ptr<kontor::BlobWriter>> BlobStore::stage() {
  auto path = layout_.staged(to_hex(entropy_.bytes(kStagedNameBytes)));
  Fd file = co_await create_exclusive(path);
  std::unique_ptr<kontor::BlobWriter> writer =
      std::make_unique<BlobWriter>(commits_, std::move(path), std::move(file), workers_, home_,
                                   place_);
  co_return writer;
}

Task<std::optional<std::uint64_t>> BlobStore::find(Sha256 digest) {
  struct stat info{};
  if (::stat(locate(layout_, digest).c_str(), &info) == 0)
    co_return std::optional(static_cast<std::uint64_t>(info.st_size));
  if (errno == ENOENT) co_return std::nullopt;
  co_return fail_errno(errno, "stat");
}

Task<> BlobStore::probe() {
  for (const auto& folder : {layout_.blobs(), layout_.ori_blobs(), layout_.staging()})
    if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
      co_return fail_errno(errno, "access " + folder);
  co_return {};
}

Task<Bytes> BlobStore::read(Sha256 digest, std::uint64_t offset, std::uint64_t length) {
  if (length > kMaxRead) co_return fail(Code::too_large, {}, "blob read beyond 16 MiB");
  const Fd file = co_await open_blob(layout_, digest);
  const std::uint64_t size = co_await size_of(file);
  const std::uint64_t begin = std::min(offset, size);
  co_return read_at(file, begin, std::min(length, size - begin));
}

}  // namespace kontor::fs
