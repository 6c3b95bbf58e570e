// Two sizes of blocks; each list keeps as many as a busy loop needs at a time.
#include "adapters/asio/buffer_pool.h"

#include <cstring>
#include <utility>

namespace kontor::net {

void Buffer::acquire(BufferPool& pool, std::size_t capacity) {
  if (held() && capacity_ >= capacity) return move_to_front();
  auto block = pool.take(capacity);
  const std::size_t kept = size();
  if (kept > 0) std::memcpy(block.get(), block_.get() + begin_, kept);
  release();
  pool_ = &pool;
  block_ = std::move(block);
  capacity_ = static_cast<std::uint32_t>(capacity);
  end_ = static_cast<std::uint32_t>(kept);
}

void Buffer::release() {
  if (held()) pool_->give(std::move(block_), capacity_);
  block_.reset();
  capacity_ = begin_ = end_ = 0;
}

void Buffer::move_to_front() {
  if (begin_ == 0) return;
  const std::size_t kept = size();
  std::memmove(block_.get(), block_.get() + begin_, kept);
  begin_ = 0;
  end_ = static_cast<std::uint32_t>(kept);
}

void Buffer::swap(Buffer& other) noexcept {
  std::swap(pool_, other.pool_);
  std::swap(block_, other.block_);
  std::swap(capacity_, other.capacity_);
  std::swap(begin_, other.begin_);
  std::swap(end_, other.end_);
}

std::vector<std::unique_ptr<char[]>>& BufferPool::list(std::size_t capacity) {
  return capacity == Buffer::kSmall ? small_ : large_;
}

std::unique_ptr<char[]> BufferPool::take(std::size_t capacity) {
  auto& blocks = list(capacity);
  if (blocks.empty()) return std::make_unique_for_overwrite<char[]>(capacity);
  auto block = std::move(blocks.back());
  blocks.pop_back();
  return block;
}

void BufferPool::give(std::unique_ptr<char[]> block, std::size_t capacity) {
  auto& blocks = list(capacity);
  if (blocks.size() < kKept) blocks.push_back(std::move(block));
}

}  // namespace kontor::net
