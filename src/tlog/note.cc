// Text form of signed notes.
#include "tlog/note.h"

#include "base/block_hash.h"
#include "base/encoding.h"
#include "tlog/lines.h"

#include <algorithm>

namespace kontor::tlog {
namespace {

constexpr std::string_view kLineStart = "\xe2\x80\x94 ";  // em dash, blank

std::unexpected<Error> malformed() {
  return fail(Code::bad_request, "This is no signed note: text, a blank line, signature lines.");
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 && c != '\n';
}

std::optional<NoteSignature> parse_signature(ByteView line) {
  const auto rest = after(line, kLineStart);
  if (!rest) return std::nullopt;
  const auto blank = rest->find(' ');
  if (blank == rest->npos) return std::nullopt;
  const ByteView name = rest->substr(0, blank);
  const auto bytes = from_base64(rest->substr(blank + 1));
  if (!is_key_name(name) || !bytes || bytes->size() < 5) return std::nullopt;
  const auto* id = reinterpret_cast<const unsigned char*>(bytes->data());
  return NoteSignature{std::string(name), load_big_endian<std::uint32_t>(id), bytes->substr(4)};
}

void add_big_endian(Bytes& out, std::uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(number >> shift & 255);
}

}  // namespace

Result<Note> parse_note(ByteView note) {
  if (note.size() > kMaxNoteBytes) return fail(Code::too_large, "A signed note may have 256 KiB.");
  if (std::ranges::any_of(note, is_control) || !is_utf8(note)) return malformed();
  const auto blank = note.rfind("\n\n");
  if (blank == note.npos) return malformed();
  auto signatures = parse_signatures(note.substr(blank + 2));
  if (!signatures) return fail(signatures);
  return Note{std::string(note.substr(0, blank + 1)), *std::move(signatures)};
}

std::string print_note(const Note& note) {
  return note.text + "\n" + print_signatures(note.signatures);
}

Result<std::vector<NoteSignature>> parse_signatures(ByteView lines) {
  if (lines.size() > kMaxNoteBytes) return fail(Code::too_large, "A signed note may have 256 KiB.");
  if (lines.empty()) return malformed();
  std::vector<NoteSignature> signatures;
  while (!lines.empty()) {
    const auto line = take_line(lines);
    auto signature = line ? parse_signature(*line) : std::nullopt;
    if (!signature) return malformed();
    if (signatures.size() == kMaxNoteSignatures)
      return fail(Code::too_large, "A signed note may have 64 signatures.");
    signatures.push_back(*std::move(signature));
  }
  return signatures;
}

std::string print_signatures(std::span<const NoteSignature> signatures) {
  std::string lines;
  for (const NoteSignature& signature : signatures) {
    Bytes bytes;
    add_big_endian(bytes, signature.key_id, 4);
    bytes += signature.bytes;
    lines += std::string(kLineStart) + signature.name + " " + to_base64(bytes) + "\n";
  }
  return lines;
}

Bytes cosigned_bytes(ByteView text, std::uint64_t time) {
  return "cosignature/v1\ntime " + std::to_string(time) + "\n" + Bytes(text);
}

NoteSignature make_signature(const NoteKey& key, const RawSignature& signature) {
  return {key.name, key.id, Bytes(signature.view())};
}

NoteSignature make_cosignature(const NoteKey& key, std::uint64_t time,
                               const RawSignature& signature) {
  Bytes bytes;
  add_big_endian(bytes, time, 8);
  return {key.name, key.id, bytes + Bytes(signature.view())};
}

}  // namespace kontor::tlog
