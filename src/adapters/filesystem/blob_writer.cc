// Crash argument of commit(). Before the link no name outside staging/ exists, so a crash leaves a
// staged file, which the next start sweeps. The bytes are synced before the link, so the final name
// never shows a file that is not whole. The folder is synced after it, also where the blob existed:
// then another commit may not have synced it yet. Two syncs a commit.
#include "adapters/filesystem/blob_writer.h"

#include "ports/run_on.h"

namespace kontor::fs {
namespace {

Result<void> commit_now(DurableFolders& folders, const std::string& staged, const Fd& file,
                        const Sha256& digest) {
  const auto& layout = folders.layout();
  if (auto r = sync_file(file); !r) return r;
  if (auto r = folders.ensure(digest.bytes[0]); !r) return r;
  if (auto r = move_unless_exists(staged, layout.blob(digest)); !r) return r;
  return sync_folder(layout.folder(digest.bytes[0]));
}

}  // namespace

BlobWriter::BlobWriter(DurableFolders& folders, std::string staged_path, Fd file, Workers& workers,
                       Loop& home)
    : folders_(folders),
      path_(std::move(staged_path)),
      file_(std::make_shared<Fd>(std::move(file))),
      workers_(workers),
      home_(home) {}

BlobWriter::~BlobWriter() {
  if (!committed_) remove_quietly(path_);
}

Task<> BlobWriter::append(ByteView piece) {
  if (digests_) co_return fail(Code::internal, {}, "append after seal");
  hash_.update(piece);
  co_return write_all(*file_, piece);
}

Task<BlobDigests> BlobWriter::seal() {
  if (!digests_) digests_ = hash_.finish();
  co_return *digests_;
}

Task<> BlobWriter::commit() {
  if (!digests_) co_return fail(Code::internal, {}, "commit before seal");
  if (committed_) co_return {};
  co_await run_on<void>(
      workers_, home_,
      [&folders = folders_, path = path_, file = file_, digest = digests_->sha256] {
        return commit_now(folders, path, *file, digest);
      });
  committed_ = true;
  co_return {};
}

}  // namespace kontor::fs
