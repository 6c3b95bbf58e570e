// Bytes go to the page cache as they come. A large upload is handed to the disk while it still
// comes in, so that its commit does not wait for all of it.
#include "adapters/filesystem/blob_writer.h"

#include "ports/run_on.h"

namespace kontor::fs {
namespace {

constexpr std::uint64_t kWriteAhead = 4u << 20;

}  // namespace

BlobWriter::BlobWriter(CommitQueue& commits, std::string staged_path, Fd file, Workers& workers,
                       Loop& home)
    : commits_(commits),
      path_(std::move(staged_path)),
      file_(std::make_shared<Fd>(std::move(file))),
      workers_(workers),
      home_(home) {}

BlobWriter::~BlobWriter() {
  if (!committed_) remove_quietly(path_);
}

void BlobWriter::write_ahead() {
  const std::uint64_t from = std::exchange(handed_over_, appended_);
  // A full queue only means that the commit waits longer.
  (void)workers_.submit(
      [file = file_, from, length = appended_ - from] { start_writing(*file, from, length); });
}

Task<> BlobWriter::append(ByteView piece) {
  if (digests_) co_return fail(Code::internal, {}, "append after seal");
  hash_.update(piece);
  co_await write_all(*file_, piece);
  appended_ += piece.size();
  if (appended_ - handed_over_ >= kWriteAhead) write_ahead();
  co_return {};
}

Task<BlobDigests> BlobWriter::seal() {
  if (!digests_) digests_ = hash_.finish();
  co_return *digests_;
}

Task<> BlobWriter::commit() {
  if (!digests_) co_return fail(Code::internal, {}, "commit before seal");
  if (committed_) co_return {};
  pin_ = commits_.in_use().pin(digests_->sha256);
  // Each file by a worker of its own, so that the disk may take several at once; then the names.
  co_await run_on<void>(workers_, home_, [file = file_] { return sync_file(*file); });
  co_await commits_.commit(workers_, home_, path_, digests_->sha256);
  committed_ = true;
  co_return {};
}

}  // namespace kontor::fs
