#pragma once
// Read buffers shared by the connections of one loop, so that an idle connection holds none.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace kontor::net {

class BufferPool;

// A block of the pool with the part of it that holds unread bytes. Empty until acquired.
class Buffer {
 public:
  static constexpr std::size_t kSmall = 16 * 1024;  // heads
  static constexpr std::size_t kLarge = 64 * 1024;  // bodies, and heads where limits allow

  Buffer() = default;
  Buffer(Buffer&& other) noexcept { swap(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Buffer() { release(); }

  bool held() const { return block_ != nullptr; }
  std::size_t capacity() const { return capacity_; }
  std::size_t size() const { return end_ - begin_; }
  std::span<char> bytes() { return {block_.get() + begin_, size()}; }
  std::string_view view() const { return {block_.get() + begin_, size()}; }
  std::span<char> tail() { return {block_.get() + end_, capacity_ - end_}; }

  void acquire(BufferPool& pool, std::size_t capacity);  // keeps unread bytes, moved to the front
  void release();                                        // drops unread bytes
  void grew(std::size_t n) { end_ += static_cast<std::uint32_t>(n); }
  void drop(std::size_t n) { begin_ += static_cast<std::uint32_t>(n); }
  void clear() { begin_ = end_ = 0; }
  void move_to_front();

 private:
  void swap(Buffer& other) noexcept;

  BufferPool* pool_ = nullptr;
  std::unique_ptr<char[]> block_;
  std::uint32_t capacity_ = 0;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
};

// Belongs to one loop; outlives its buffers.
class BufferPool {
 public:
  std::unique_ptr<char[]> take(std::size_t capacity);
  void give(std::unique_ptr<char[]> block, std::size_t capacity);

 private:
  static constexpr std::size_t kKept = 64;  // blocks of each size
  std::vector<std::unique_ptr<char[]>>& list(std::size_t capacity);
  std::vector<std::unique_ptr<char[]>> small_, large_;
};

}  // namespace kontor::net
