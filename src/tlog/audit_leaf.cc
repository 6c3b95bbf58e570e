// Reading is strict in the same way as leaf.cc: what is parsed is printed again and compared.
#include "tlog/audit_leaf.h"

#include "base/sha256.h"
#include "tlog/leaf.h"
#include "tlog/leaf_values.h"
#include "tlog/lines.h"

namespace kontor::tlog {
namespace {

constexpr ByteView kHeader = "auditlog/v1 ";

std::unexpected<Error> malformed() {
  return fail(Code::bad_request, "This is no entry of an audit log in its one form.");
}

template <class T>
bool read_line(ByteView& text, ByteView name, T& value) {
  const auto line = take_line(text);
  const auto spelt = line ? after(*line, name) : std::nullopt;
  return spelt && read(*spelt, value);
}

}  // namespace

Sha256 digest_row(ByteView salt, std::span<const std::string_view> fields) {
  Sha256Hash hash;
  const auto add = [&](std::string_view field) {
    const auto size = static_cast<std::uint32_t>(field.size());
    const char length[] = {static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                           static_cast<char>(size >> 8), static_cast<char>(size)};
    hash.update({length, sizeof length});
    hash.update(field);
  };
  add(salt);
  for (const auto field : fields) add(field);
  return hash.finish();
}

Result<Bytes> print_audit_leaf(const AuditLeaf& leaf) {
  const Spelt action = leaf.action.empty() ? Spelt("-") : spell(leaf.action);
  const Spelt time = spell(leaf.time);
  if (!action || !time || leaf.action == "-") return malformed();
  Bytes text = Bytes(kHeader) + *action + "\nrow " + leaf.row.hex() + "\ntime " + *time + "\n";
  if (text.size() > kMaxLeafBytes) return fail(Code::too_large);
  return text;
}

Result<AuditLeaf> parse_audit_leaf(ByteView text) {
  if (text.size() > kMaxLeafBytes) return malformed();
  ByteView rest = text;
  AuditLeaf leaf;
  const bool complete = read_line(rest, kHeader, leaf.action) &&
                        read_line(rest, "row ", leaf.row) && read_line(rest, "time ", leaf.time) &&
                        rest.empty();
  if (!complete) return malformed();
  if (leaf.action == "-") leaf.action.clear();
  if (print_audit_leaf(leaf) != Result<Bytes>(text)) return malformed();
  return leaf;
}

}  // namespace kontor::tlog
