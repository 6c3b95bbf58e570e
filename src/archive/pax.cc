// Pax records.
#include "archive/pax.h"

#include "archive/refusal.h"

#include <charconv>

namespace kontor {
namespace {

// Plain digits without sign or leading zero, as every writer makes them.
std::optional<std::uint64_t> decimal(ByteView text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  return number;
}

// Cuts the first record off `content` and returns its "key=value".
std::optional<ByteView> take_record(ByteView& content) {
  const auto space = content.substr(0, 8).find(' ');
  if (space == ByteView::npos) return std::nullopt;
  const auto length = decimal(content.substr(0, space));
  if (!length || *length > content.size() || *length < space + 2) return std::nullopt;
  const ByteView record = content.substr(0, static_cast<std::size_t>(*length));
  content.remove_prefix(record.size());
  if (record.find('\n') != record.size() - 1) return std::nullopt;
  return record.substr(space + 1, record.size() - space - 2);
}

Result<void> apply(ByteView key, ByteView value, PaxRecords& out) {
  if (key.starts_with("GNU.sparse")) return refuse_archive("Sparse files are not allowed.");
  if (key != "path" && key != "size" && key != "linkpath") return {};
  const bool again = (key == "path" && out.path) || (key == "size" && out.size) ||
                     (key == "linkpath" && out.has_linkpath);
  if (again || value.empty())
    return refuse_archive("A pax header states " + std::string(key) + " twice or without a value.");
  if (key == "path") out.path = value;
  if (key == "linkpath") out.has_linkpath = true;
  if (key != "size") return {};
  out.size = decimal(value);
  if (!out.size) return refuse_archive("A pax header states a size that is not a number.");
  return {};
}

}  // namespace

Result<PaxRecords> parse_pax(ByteView content) {
  PaxRecords out;
  while (!content.empty()) {
    const auto record = take_record(content);
    const auto equals = record ? record->find('=') : ByteView::npos;
    if (equals == ByteView::npos || equals == 0 || record->substr(0, equals).contains('\0'))
      return refuse_archive("A pax header is damaged or has line ends inside a value.");
    auto done = apply(record->substr(0, equals), record->substr(equals + 1), out);
    if (!done) return fail(done);
  }
  return out;
}

}  // namespace kontor
