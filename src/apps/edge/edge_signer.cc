// One seed a key, none of which tells of another or of the secret.
#include "apps/edge/edge_signer.h"

#include "base/hmac.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

namespace kontor::edge {
namespace {

constexpr std::size_t kMaxSigning = 4;  // a line each under every checkpoint

std::string head_name(LogId log) {
  return "head-" + std::string(to_string(log));
}

std::string use_of(LogId log) {
  return "log-" + std::string(to_string(log));
}

}  // namespace

EdgeSigner::EdgeSigner(Host& host, const Clock& clock, Entropy& entropy, ByteView secret,
                       std::string host_name)
    : host_(host),
      clock_(clock),
      entropy_(entropy),
      secret_(secret),
      host_name_(std::move(host_name)),
      shares_(host) {}

Result<EdgeSigner::Key> EdgeSigner::key_from(LogId log, ByteView share) const {
  const std::string name(to_string(log));
  const auto seed = hmac_sha256(secret_, "log key " + name + Bytes(share));
  Key key{{}, std::make_unique<host::Ed25519Key>(seed.bytes)};
  auto note = tlog::make_key(host_name_ + "/log/" + name, tlog::SignatureType::ed25519,
                             key.secret->public_key());
  if (!note) return fail(Code::unavailable, {}, "the origin of the logs is no name");
  key.note = std::move(*note);
  return key;
}

Task<std::vector<EdgeSigner::Key>> EdgeSigner::keys_of(LogId log) {
  const auto shares = co_await shares_.read(use_of(log));
  std::vector<Key> keys;
  for (const Bytes& share : shares.active) keys.push_back(co_await key_from(log, share));
  co_return keys;
}

Task<std::vector<tlog::NoteKey>> EdgeSigner::log_keys(LogId log) {
  std::vector<tlog::NoteKey> notes;
  for (auto& key : co_await keys_of(log)) notes.push_back(std::move(key.note));
  co_return notes;
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
  const auto keys = co_await keys_of(log);
  tlog::Note note;
  note.text = tlog::print_checkpoint({keys[0].note.name, head, {}});
  if (last != head)
    co_await host_.call(Call::note_write,
                        MessageWriter().bytes(head_name(log)).bytes(note.text).take());
  for (const Key& key : keys)
    note.signatures.push_back(tlog::make_signature(key.note, key.secret->sign(note.text)));
  co_return tlog::print_note(note);
}

Task<std::vector<RetiredLogKey>> EdgeSigner::retired_log_keys(LogId log) {
  std::vector<RetiredLogKey> retired;
  const auto shares = co_await shares_.read(use_of(log));
  for (const auto& [at, key] : shares.ended)
    retired.push_back({co_await tlog::parse_vkey(key), at});
  co_return retired;
}

Task<tlog::NoteKey> EdgeSigner::rotate_log_key(LogId log) {
  auto shares = co_await shares_.read(use_of(log));
  if (shares.active.size() >= kMaxSigning)
    co_return fail(Code::too_large, std::to_string(shares.active.size()) +
                                        " keys sign this log already; retire the old ones first.");
  shares.active.insert(shares.active.begin(), entropy_.bytes(kShareBytes));
  const Key key = co_await key_from(log, shares.active.front());
  co_await shares_.replace(use_of(log), std::move(shares));
  co_return key.note;
}

Task<std::vector<RetiredLogKey>> EdgeSigner::retire_log_keys(LogId log) {
  auto shares = co_await shares_.read(use_of(log));
  if (shares.active.size() < 2)
    co_return fail(Code::conflict, "One key alone signs this log; make another one first.");
  if (shares.ended.size() + shares.active.size() > kMaxEndedKeys)
    co_return fail(Code::too_large, "There have been too many keys of this log.");
  std::vector<RetiredLogKey> retired;
  for (std::size_t i = 1; i < shares.active.size(); ++i) {
    const Key key = co_await key_from(log, shares.active[i]);
    retired.push_back({key.note, clock_.now()});
  }
  shares.active.resize(1);
  for (std::size_t i = retired.size(); i-- > 0;)
    shares.ended.insert(shares.ended.begin(), {retired[i].since, tlog::print_vkey(retired[i].key)});
  co_await shares_.replace(use_of(log), std::move(shares));
  co_return retired;
}

}  // namespace kontor::edge
