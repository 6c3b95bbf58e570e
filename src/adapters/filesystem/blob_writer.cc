// The upload's bytes are staged; committing makes them durable, then gives them their name.
#include "adapters/filesystem/blob_writer.h"

#include "ports/run_on.h"

namespace kontor::fs {

BlobWriter::BlobWriter(CommitQueue& commits, std::string staged_path, Fd file, Workers& workers,
                       Loop& home, BlobPlace place)
    : place_(place),
      commits_(commits),
      path_(std::move(staged_path)),
      bytes_(std::move(file), workers, home),
      workers_(workers),
      home_(home) {}

BlobWriter::~BlobWriter() {
  if (!committed_) remove_quietly(path_);
}

Task<> BlobWriter::append(ByteView piece) {
  if (digests_) co_return fail(Code::internal, {}, "append after seal");
  co_await bytes_.append(piece);
  co_return {};
}

Task<BlobDigests> BlobWriter::seal() {
  if (!digests_) digests_ = co_await bytes_.finish();
  co_return *digests_;
}

Task<> BlobWriter::commit() {
  if (!digests_) co_return fail(Code::internal, {}, "commit before seal");
  if (committed_) co_return {};
  pin_ = commits_.in_use().pin(digests_->sha256);
  // Each file by a worker of its own, so that the disk may take several at once; then the names.
  co_await run_on<void>(workers_, home_, [file = bytes_.file()] { return sync_file(*file); });
  co_await commits_.commit(workers_, home_, path_, digests_->sha256, place_);
  committed_ = true;
  co_return {};
}

}  // namespace kontor::fs
