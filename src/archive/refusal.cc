// Wording of refusals.
#include "archive/refusal.h"

namespace kontor {
namespace {

constexpr std::size_t kShown = 80;

std::string sentence(ByteView name, std::string_view rule) {
  std::string text = "The archive entry \"";
  text += printable(name);
  text += "\" ";
  text += rule;
  return text += '.';
}

}  // namespace

std::string printable(ByteView name) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (unsigned char c : name.substr(0, kShown)) {
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
      out += static_cast<char>(c);
      continue;
    }
    out += "\\x";
    out += kHex[c >> 4];
    out += kHex[c & 15];
  }
  if (name.size() > kShown) out += "...";
  return out;
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t kMebibyte = 1 << 20;
  if (bytes % kMebibyte == 0 && bytes > 0) return std::to_string(bytes / kMebibyte) + " MiB";
  return std::to_string(bytes) + " bytes";
}

std::unexpected<Error> refuse_archive(std::string text) {
  return fail(Code::invalid_archive, std::move(text));
}

std::unexpected<Error> refuse_entry(ByteView name, std::string_view rule) {
  return fail(Code::invalid_archive, sentence(name, rule));
}

std::unexpected<Error> refuse_large(ByteView name, std::string_view rule) {
  return fail(Code::too_large, sentence(name, rule));
}

}  // namespace kontor
