// Streaming base64: whole groups of four by tables, the rest one by one.
#include "base/base64_stream.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr ByteView kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint32_t kBad = 0xff000000;  // no four valid entries together reach these bits

// For each place in a group the value of a character, shifted to where it belongs in 24 bits.
using Table = std::array<std::uint32_t, 256>;
constexpr std::array<Table, 4> kPlaces = [] {
  std::array<Table, 4> places{};
  for (std::uint32_t place = 0; place < 4; ++place) {
    places[place].fill(kBad);
    for (std::uint32_t value = 0; value < 64; ++value)
      places[place][static_cast<unsigned char>(kAlphabet[value])] = value << (18 - 6 * place);
  }
  return places;
}();

// The 24 bits of a group; at least kBad where a character is not of the alphabet.
std::uint32_t group(const char* text) {
  const auto* c = reinterpret_cast<const unsigned char*>(text);
  return kPlaces[0][c[0]] | kPlaces[1][c[1]] | kPlaces[2][c[2]] | kPlaces[3][c[3]];
}

void store(std::uint32_t bits, char* out) {
  out[0] = static_cast<char>(bits >> 16);
  out[1] = static_cast<char>(bits >> 8);
  out[2] = static_cast<char>(bits);
}

// Decodes groups from the front of `text` as long as they are plain, and removes them.
void decode_groups(ByteView& text, std::string& out) {
  const std::size_t old = out.size(), groups = text.size() / 4;
  std::size_t done = 0;
  out.resize_and_overwrite(old + groups * 3, [&](char* data, std::size_t) {
    for (char* to = data + old; done < groups; ++done, to += 3) {
      const std::uint32_t bits = group(text.data() + done * 4);
      if (bits >= kBad) break;
      store(bits, to);
    }
    return old + done * 3;
  });
  text.remove_prefix(done * 4);
}

}  // namespace

bool Base64Stream::feed(ByteView text, std::string& out) {
  while (!text.empty() && !failed_) {
    if (count_ == 0 && !padded_) decode_groups(text, out);
    if (text.empty()) break;
    failed_ = !take(text.front(), out);
    text.remove_prefix(1);
  }
  return !failed_;
}

bool Base64Stream::take(char c, std::string& out) {
  if (padded_) return false;
  held_[count_++] = c;
  return count_ < 4 || close_group(out);
}

// A group that may end in padding: "xx==" holds one byte, "xxx=" two.
bool Base64Stream::close_group(std::string& out) {
  count_ = 0;
  const int padding = held_[3] != '=' ? 0 : held_[2] != '=' ? 1 : 2;
  padded_ = padding > 0;
  std::fill(held_.end() - padding, held_.end(), 'A');
  const std::uint32_t bits = group(held_.data());
  if (bits >= kBad) return false;
  const std::uint32_t unused = padding == 0 ? 0 : padding == 1 ? 0xff : 0xffff;
  if (bits & unused) return false;
  char bytes[3];
  store(bits, bytes);
  out.append(bytes, 3 - static_cast<std::size_t>(padding));
  return true;
}

bool Base64Stream::finish() {
  const bool whole = !failed_ && count_ == 0;
  *this = Base64Stream();
  return whole;
}

}  // namespace kontor
