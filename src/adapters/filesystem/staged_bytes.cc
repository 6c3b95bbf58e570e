// The loop fills one portion while a worker hashes and writes the other. Nothing is handed over
// before the portion in front of it is done: that keeps the order, and holds a client back that
// sends faster than the hashes run.
#include "adapters/filesystem/staged_bytes.h"

namespace kontor::fs {
namespace {

constexpr std::uint64_t kOnLoop = 1u << 20;  // bytes of an upload; a thread's wake-up costs more
constexpr std::size_t kPortion = 256 * 1024;
// Given to the disk while the rest still comes in, so that the commit does not wait for all of it.
constexpr std::uint64_t kWriteAhead = 4u << 20;

}  // namespace

StagedBytes::StagedBytes(Fd file, Workers& workers, Loop& home)
    : sink_(std::make_shared<Sink>(std::move(file))), workers_(workers), home_(home) {}

std::shared_ptr<const Fd> StagedBytes::file() const {
  return sink_->file;
}

Result<void> StagedBytes::Sink::take(ByteView piece) {
  hash.update(piece);
  if (auto done = write_all(*file, piece); !done) return done;
  written += piece.size();
  if (written - handed_over < kWriteAhead) return {};
  start_writing(*file, handed_over, written - handed_over);
  handed_over = written;
  return {};
}

Task<> StagedBytes::append(ByteView piece) {
  appended_ += piece.size();
  if (appended_ <= kOnLoop) co_return sink_->take(piece);
  filling_ += piece;
  if (filling_.size() >= kPortion) co_await hand_over();
  co_return {};
}

Task<> StagedBytes::hand_over() {
  co_await settle();
  sink_->portion.swap(filling_);
  filling_.clear();
  Handoff<void> handoff(home_);
  const bool queued = workers_.submit([sink = sink_, sender = std::move(handoff.sender)]() mutable {
    sender.send(sink->take(sink->portion));
  });
  if (!queued) co_return sink_->take(sink_->portion);
  under_way_.emplace(std::move(handoff.receiver));
  co_return {};
}

Task<> StagedBytes::settle() {
  if (under_way_) {
    outcome_ = co_await *under_way_;
    under_way_.reset();
  }
  co_return outcome_;
}

Task<BlobDigests> StagedBytes::finish() {
  co_await settle();
  co_await sink_->take(filling_);
  filling_ = Bytes();
  sink_->portion = Bytes();
  co_return sink_->hash.finish();
}

}  // namespace kontor::fs
