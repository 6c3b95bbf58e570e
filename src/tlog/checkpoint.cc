// Text form of checkpoints.
#include "tlog/checkpoint.h"

#include "tlog/decimal.h"
#include "tlog/lines.h"

#include <algorithm>

namespace kontor::tlog {
namespace {

std::unexpected<Error> malformed() {
  return fail(Code::bad_request,
              "This is no checkpoint: lines with an origin, a size and a root in base64.");
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20;
}
bool is_origin_character(char c) {
  return c > 0x20 && c < 0x7f && c != '+';
}

// A line that is neither empty nor has control characters.
std::optional<ByteView> take_full_line(ByteView& text) {
  const auto line = take_line(text);
  if (!line || line->empty() || std::ranges::any_of(*line, is_control)) return std::nullopt;
  return line;
}

}  // namespace

Result<void> check_origin(std::string_view origin) {
  if (origin.empty() || origin.size() > 255 || !std::ranges::all_of(origin, is_origin_character) ||
      origin.contains("://") || origin.front() == '/' || origin.back() == '/')
    return fail(Code::bad_request,
                "An origin is a URL without scheme and final slash, like registry.example/log.");
  return {};
}

Result<Checkpoint> parse_checkpoint(ByteView text) {
  const auto origin = take_full_line(text);
  const auto size_line = take_full_line(text);
  const auto root_line = take_full_line(text);
  if (!origin || !size_line || !root_line) return malformed();
  const auto size = parse_decimal(*size_line, kMaxSize);
  const auto root = parse_hash(*root_line);
  if (!size || !root) return malformed();
  if (*size == 0 && *root != empty_root()) return malformed();
  Checkpoint checkpoint{std::string(*origin), {*size, *root}, {}};
  while (!text.empty()) {
    const auto line = take_full_line(text);
    if (!line) return malformed();
    checkpoint.extensions.emplace_back(*line);
  }
  return checkpoint;
}

std::string print_checkpoint(const Checkpoint& checkpoint) {
  std::string text = checkpoint.origin + "\n" + std::to_string(checkpoint.head.size) + "\n" +
                     checkpoint.head.root.base64() + "\n";
  for (const std::string& line : checkpoint.extensions) text += line + "\n";
  return text;
}

}  // namespace kontor::tlog
