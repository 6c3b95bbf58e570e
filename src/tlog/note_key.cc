// Keys of signed notes: names, ids, text form.
#include "tlog/note_key.h"

#include "base/encoding.h"
#include "base/sha256.h"

#include <algorithm>
#include <array>

namespace kontor::tlog {
namespace {

// The code points with the property White_Space beyond ASCII, in UTF-8.
constexpr std::array<std::string_view, 19> kSpaces = {
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
    "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
    "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
    "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};

bool is_plain(char c) {
  return static_cast<unsigned char>(c) > 0x20 && c != '+';
}

std::unexpected<Error> no_vkey() {
  return fail(Code::bad_request,
              "This is no verifier key; it has the form <name>+<id>+<base64> with type 1 or 4.");
}

std::string type_and_key(SignatureType type, const PublicKey& key) {
  return std::string(1, static_cast<char>(type)) + std::string(key.view());
}

std::string id_hex(std::uint32_t id) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(id >> shift & 255);
  return to_hex(bytes);
}

}  // namespace

bool is_key_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxKeyName && std::ranges::all_of(name, is_plain) &&
         is_utf8(name) &&
         std::ranges::none_of(kSpaces, [&](auto space) { return name.contains(space); });
}

std::uint32_t key_id(std::string_view name, SignatureType type, const PublicKey& key) {
  Sha256Hash hash;
  hash.update(name);
  hash.update("\n");
  hash.update(type_and_key(type, key));
  return load_big_endian<std::uint32_t>(hash.finish().bytes.data());
}

Result<NoteKey> make_key(std::string name, SignatureType type, const PublicKey& key) {
  if (!is_key_name(name))
    return fail(Code::bad_request, "The name of a key may have no spaces and no '+'.");
  const std::uint32_t id = key_id(name, type, key);
  return NoteKey{std::move(name), type, key, id};
}

std::string print_vkey(const NoteKey& key) {
  return key.name + "+" + id_hex(key.id) + "+" + to_base64(type_and_key(key.type, key.public_key));
}

Result<NoteKey> parse_vkey(std::string_view text) {
  const auto first = text.find('+');
  const auto second = first == text.npos ? first : text.find('+', first + 1);
  if (second == text.npos || text.size() - second > 64) return no_vkey();
  const auto material = from_base64(text.substr(second + 1));
  if (!material || material->size() != 33) return no_vkey();
  const auto type = static_cast<SignatureType>(material->front());
  if (type != SignatureType::ed25519 && type != SignatureType::cosignature) return no_vkey();
  const auto name = text.substr(0, first);
  if (!is_key_name(name)) return no_vkey();
  auto key = make_key(std::string(name), type, *PublicKey::from_bytes(material->substr(1)));
  if (!key) return fail(key);
  const auto stated = text.substr(first + 1, second - first - 1);
  if (stated != id_hex(key->id))
    return fail(Code::bad_request,
                "The verifier key states the id " + std::string(stated.substr(0, 8)) +
                    ", but its name and key have " + id_hex(key->id) + "; copy it again.");
  return key;
}

}  // namespace kontor::tlog
