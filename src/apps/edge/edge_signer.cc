// One seed a log, none of which tells of another or of the secret.
#include "apps/edge/edge_signer.h"

#include "base/hmac.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

namespace kontor::edge {
namespace {

std::string head_name(LogId log) {
  return "head-" + std::string(to_string(log));
}

std::unexpected<Error> no_exchange() {
  return fail(Code::forbidden,
              "The keys of this deployment are made from its secret AUTH_SECRET and cannot be "
              "exchanged apart from it.");
}

}  // namespace

EdgeSigner::EdgeSigner(Host& host, ByteView secret, const std::string& host_name) : host_(host) {
  for (const LogId log : kLogs) {
    const std::string name(to_string(log));
    const auto seed = hmac_sha256(secret, "log key " + name);
    auto key = std::make_unique<host::Ed25519Key>(seed.bytes);
    auto note =
        tlog::make_key(host_name + "/log/" + name, tlog::SignatureType::ed25519, key->public_key());
    if (note) keys_.emplace(log, Key{std::move(*note), std::move(key)});
  }
}

Task<std::vector<tlog::NoteKey>> EdgeSigner::log_keys(LogId log) {
  const auto key = keys_.find(log);
  if (key == keys_.end())
    co_return fail(Code::unavailable, {}, "the origin of the logs is no name");
  co_return std::vector{key->second.note};
}

Task<std::optional<tlog::Head>> EdgeSigner::signed_head(LogId log) {
  const Bytes answer =
      co_await host_.call(Call::note_read, MessageWriter().bytes(head_name(log)).take());
  MessageReader message(answer);
  if (!message.number()) co_return std::nullopt;
  const auto checkpoint = co_await tlog::parse_checkpoint(message.bytes());
  co_return checkpoint.head;
}

// The sequencer does one thing after the other, so nothing comes between the look and the note.
Task<Bytes> EdgeSigner::sign_checkpoint(LogId log, tlog::Head head, tlog::Proof proof) {
  const auto last = co_await signed_head(log);
  if (head.size == 0 && head.root != tlog::empty_root()) co_return fail(Code::invalid_proof);
  if (last) co_await tlog::verify_consistency(proof, *last, head);
  const auto keys = co_await log_keys(log);
  tlog::Note note;
  note.text = tlog::print_checkpoint({keys[0].name, head, {}});
  if (last != head)
    co_await host_.call(Call::note_write,
                        MessageWriter().bytes(head_name(log)).bytes(note.text).take());
  note.signatures.push_back(tlog::make_signature(keys[0], keys_.at(log).secret->sign(note.text)));
  co_return tlog::print_note(note);
}

Task<std::vector<RetiredLogKey>> EdgeSigner::retired_log_keys(LogId) {
  co_return std::vector<RetiredLogKey>();
}

Task<tlog::NoteKey> EdgeSigner::rotate_log_key(LogId) {
  co_return no_exchange();
}

Task<std::vector<RetiredLogKey>> EdgeSigner::retire_log_keys(LogId) {
  co_return no_exchange();
}

}  // namespace kontor::edge
