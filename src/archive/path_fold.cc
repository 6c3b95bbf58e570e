// Simple case folding by ranges.
#include "archive/path_fold.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace kontor {
namespace {

// From first to last every `step`th letter is a capital; its small letter is `up` higher.
struct Range {
  std::uint32_t first, last;
  std::int32_t up;
  std::uint32_t step = 1;
};

constexpr auto kRanges = std::to_array<Range>({
    {0x41, 0x5a, 32},        {0xc0, 0xd6, 32},        {0xd8, 0xde, 32},
    {0x100, 0x12e, 1, 2},    {0x132, 0x136, 1, 2},    {0x139, 0x147, 1, 2},
    {0x14a, 0x176, 1, 2},    {0x178, 0x178, -121},    {0x179, 0x17d, 1, 2},
    {0x17f, 0x17f, -268},    {0x1c4, 0x1c4, 2},       {0x1c7, 0x1c7, 2},
    {0x1ca, 0x1ca, 2},       {0x1cd, 0x1db, 1, 2},    {0x1de, 0x1ee, 1, 2},
    {0x1f1, 0x1f1, 2},       {0x1f8, 0x21e, 1, 2},    {0x222, 0x232, 1, 2},
    {0x386, 0x386, 38},      {0x388, 0x38a, 37},      {0x38c, 0x38c, 64},
    {0x38e, 0x38f, 63},      {0x391, 0x3a1, 32},      {0x3a3, 0x3ab, 32},
    {0x3c2, 0x3c2, 1},       {0x400, 0x40f, 80},      {0x410, 0x42f, 32},
    {0x460, 0x480, 1, 2},    {0x48a, 0x4be, 1, 2},    {0x4c0, 0x4c0, 15},
    {0x4c1, 0x4cd, 1, 2},    {0x4d0, 0x52e, 1, 2},    {0x531, 0x556, 48},
    {0x1e00, 0x1e94, 1, 2},  {0x1e9e, 0x1e9e, -7615}, {0x1ea0, 0x1efe, 1, 2},
    {0x2126, 0x2126, -7517}, {0x212a, 0x212a, -8383}, {0x212b, 0x212b, -8262},
    {0x2160, 0x216f, 16},    {0x24b6, 0x24cf, 26},    {0xff21, 0xff3a, 32},
    {0x10400, 0x10427, 40},
});

std::uint32_t fold(std::uint32_t point) {
  const auto range = std::find_if(kRanges.begin(), kRanges.end(),
                                  [point](const Range& r) { return point <= r.last; });
  if (range == kRanges.end() || point < range->first) return point;
  if ((point - range->first) % range->step != 0) return point;
  return point + static_cast<std::uint32_t>(range->up);
}

// Decodes one character of valid UTF-8 at the front of `text` and removes it.
std::uint32_t take_point(ByteView& text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  std::uint32_t point = length == 1 ? lead : lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length && i < text.size(); ++i)
    point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
  text.remove_prefix(std::min(length, text.size()));
  return point;
}

void put_point(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
    return;
  }
  const int extra = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  constexpr std::array<std::uint32_t, 4> kLead = {0, 0xc0, 0xe0, 0xf0};
  out += static_cast<char>(kLead[extra] | point >> (6 * extra));
  for (int i = extra - 1; i >= 0; --i) out += static_cast<char>(0x80 | (point >> (6 * i) & 0x3f));
}

}  // namespace

std::string fold_name(ByteView name) {
  const auto last = name.find_last_not_of(". ");
  if (last != ByteView::npos) name = name.substr(0, last + 1);
  std::string out;
  out.reserve(name.size());
  while (!name.empty()) put_point(out, fold(take_point(name)));
  return out;
}

}  // namespace kontor
