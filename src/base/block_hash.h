#pragma once
// The part that SHA-1, SHA-256 and SHA-512 share: cutting input into blocks and padding the end
// (FIPS 180-4, section 5.1). Each hash brings its compression function and state.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace kontor {

// `Traits` has: Word, kStateWords, kBlockBytes, kLengthBytes, kStart, and
// static void compress(State&, const unsigned char* block).
template <class Traits, class Out>
class BlockHash {
 public:
  using State = std::array<typename Traits::Word, Traits::kStateWords>;

  void update(std::string_view bytes) {
    if (bytes.empty()) return;  // may be a null pointer, which memcpy refuses
    total_ += bytes.size();
    if (used_) {
      const std::size_t taken = std::min(bytes.size(), Traits::kBlockBytes - used_);
      std::memcpy(block_.data() + used_, bytes.data(), taken);
      used_ += taken;
      bytes.remove_prefix(taken);
      if (used_ < Traits::kBlockBytes) return;
      Traits::compress(state_, block_.data());
      used_ = 0;
    }
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    std::size_t left = bytes.size();
    for (; left >= Traits::kBlockBytes; left -= Traits::kBlockBytes, data += Traits::kBlockBytes)
      Traits::compress(state_, data);
    if (left) std::memcpy(block_.data(), data, left);
    used_ = left;
  }

  // The digest of everything so far. Nothing may be added afterwards.
  Out finish() {
    block_[used_++] = 0x80;
    if (used_ > Traits::kBlockBytes - Traits::kLengthBytes) {
      std::memset(block_.data() + used_, 0, Traits::kBlockBytes - used_);
      Traits::compress(state_, block_.data());
      used_ = 0;
    }
    std::memset(block_.data() + used_, 0, Traits::kBlockBytes - used_);
    const std::uint64_t bits = total_ * 8;
    for (std::size_t i = 0; i < 8; ++i)
      block_[Traits::kBlockBytes - 1 - i] = static_cast<unsigned char>(bits >> (8 * i));
    Traits::compress(state_, block_.data());

    Out out;
    constexpr std::size_t width = sizeof(typename Traits::Word);
    for (std::size_t i = 0; i < out.bytes.size(); ++i)
      out.bytes[i] = static_cast<std::uint8_t>(state_[i / width] >> (8 * (width - 1 - i % width)));
    return out;
  }

 private:
  State state_ = Traits::kStart;
  std::array<unsigned char, Traits::kBlockBytes> block_;
  std::size_t used_ = 0;
  std::uint64_t total_ = 0;
};

// The big-endian word at `bytes`.
template <class Word>
Word load_big_endian(const unsigned char* bytes) {
  Word word = 0;
  for (std::size_t i = 0; i < sizeof(Word); ++i) word = word << 8 | bytes[i];
  return word;
}

}  // namespace kontor
