// Most fields in front of the extensions are passed over.
#include "adapters/sigstore/extensions.h"

#include <algorithm>

namespace kontor::sigstore {
namespace {

constexpr std::uint8_t kBoolean = 0x01;

std::optional<Extension> read_extension(const der::Element& element) {
  if (element.tag != der::kSequence) return std::nullopt;
  ByteView rest = element.content;
  const auto id = der::take(rest, der::kOid);
  if (id) der::take(rest, kBoolean);  // critical
  const auto value = id ? der::take(rest, der::kOctets) : std::nullopt;
  if (!value || !rest.empty()) return std::nullopt;
  return Extension{*id, *value, element.whole};
}

bool read_extensions(ByteView content, std::vector<Extension>& out) {
  auto list = der::only(content, der::kSequence);
  while (list && !list->empty()) {
    const auto element = der::take(*list);
    const auto extension = element ? read_extension(*element) : std::nullopt;
    if (!extension) return false;
    out.push_back(*extension);
  }
  return list.has_value();
}

}  // namespace

std::optional<ByteView> Anatomy::find(ByteView id) const {
  const auto it = std::ranges::find(extensions, id, &Extension::id);
  return it == extensions.end() ? std::nullopt : std::optional(it->value);
}

bool Anatomy::is_for(ByteView use) const {
  const auto value = find(kKeyUses);
  auto uses = value ? der::only(*value, der::kSequence) : std::nullopt;
  while (uses && !uses->empty()) {
    const auto id = der::take(*uses, der::kOid);
    if (!id) return false;
    if (*id == use) return true;
  }
  return false;
}

Bytes Anatomy::signed_without(ByteView id) const {
  Bytes kept;
  for (const Extension& extension : extensions)
    if (extension.id != id) kept += extension.whole;
  return der::put(der::kSequence,
                  Bytes(before) + der::put(der::kContext3, der::put(der::kSequence, kept)));
}

std::optional<Anatomy> dissect(ByteView certificate) {
  auto whole = der::only(certificate, der::kSequence);
  const auto text = whole ? der::take(*whole, der::kSequence) : std::nullopt;
  if (!text) return std::nullopt;
  Anatomy out;
  ByteView rest = *text;
  std::vector<der::Element> fields;
  while (const auto field = der::take(rest)) {
    if (field->tag == der::kContext3) {
      out.before = text->substr(0, text->size() - rest.size() - field->whole.size());
      if (!rest.empty() || fields.size() < 7 || !read_extensions(field->content, out.extensions))
        return std::nullopt;
      // Version, serial number, algorithm, issuer, validity, subject, key.
      out.serial = fields[1].whole;
      out.issuer = fields[3].whole;
      out.key = fields[6].whole;
      return out;
    }
    fields.push_back(*field);
  }
  return std::nullopt;
}

}  // namespace kontor::sigstore
