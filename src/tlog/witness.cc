// Text forms, and the four answers that matter to a log.
#include "tlog/witness.h"

#include "tlog/decimal.h"
#include "tlog/lines.h"

namespace kontor::tlog {
namespace {

constexpr std::size_t kMaxHashes = 63;

std::unexpected<Error> malformed() {
  return fail(Code::bad_request,
              "This is no request to cosign a checkpoint (C2SP tlog-witness): 'old <size>', "
              "hashes, a blank line and a signed checkpoint.");
}

// The first line of what a witness says, as far as it can be shown.
std::string first_line(ByteView body) {
  std::string line;
  for (const char c : body.substr(0, 200)) {
    if (c == '\n') break;
    line += c >= ' ' && c < 0x7f ? c : '?';
  }
  return line;
}

std::unexpected<Error> refused(int status, ByteView body) {
  return fail(Code::unavailable,
              "The witness answered " + std::to_string(status) + ": " + first_line(body));
}

}  // namespace

Result<AddCheckpoint> parse_add_checkpoint(ByteView body) {
  if (body.size() > kMaxAddCheckpointBytes)
    return fail(Code::too_large, "A request to cosign may have 264 KiB.");
  const auto old_line = take_line(body);
  const auto old_text = after(old_line.value_or(""), "old ");
  const auto old_size = parse_decimal(old_text.value_or(""), kMaxSize);
  if (!old_size) return malformed();
  AddCheckpoint request{*old_size, {}, {}};
  for (;;) {
    const auto line = take_line(body);
    if (!line) return malformed();
    if (line->empty()) break;
    const auto hash = parse_hash(*line);
    if (!hash || request.proof.size() == kMaxHashes) return malformed();
    request.proof.push_back(*hash);
  }
  request.checkpoint = body;
  return request;
}

std::string print_add_checkpoint(const AddCheckpoint& request) {
  std::string text = "old " + std::to_string(request.old_size) + "\n";
  for (const Hash& hash : request.proof) text += hash.base64() + "\n";
  return text + "\n" + request.checkpoint;
}

Result<WitnessAnswer> read_witness_answer(int status, std::string_view type, ByteView body,
                                          ByteView checkpoint, const NoteKey& witness,
                                          const Ed25519& ed25519) {
  if (status == 409 && type.substr(0, type.find(';')) == kWitnessSizeType) {
    ByteView rest = body;
    const auto size = parse_decimal(take_line(rest).value_or(""), kMaxSize);
    if (!size || !rest.empty()) return refused(status, body);
    return WitnessAnswer(*size);
  }
  if (status != 200) return refused(status, body);
  auto lines = parse_signatures(body);
  if (!lines) return fail(lines);
  const auto note = parse_note(checkpoint);
  if (!note) return std::unexpected(note.error());
  for (NoteSignature& line : *lines) {
    if (line.name != witness.name || line.key_id != witness.id) continue;
    const auto verified = verify_note({note->text, {line}}, {&witness, 1}, ed25519);
    if (!verified) return std::unexpected(verified.error());
    return WitnessAnswer(std::move(line));
  }
  return fail(Code::unavailable,
              "The witness did not sign by the key " + print_vkey(witness) + ".");
}

Result<std::string> add_signature(ByteView checkpoint, const NoteSignature& signature) {
  auto note = parse_note(checkpoint);
  if (!note) return fail(note);
  note->signatures.push_back(signature);
  return print_note(*note);
}

}  // namespace kontor::tlog
