#pragma once
// A signer in memory that keeps its promise: it signs no head that does not extend the last.
#include "ports/log_key_keeper.h"
#include "ports/signer.h"
#include "tests/support/sodium_ed25519.h"
#include "tlog/checkpoint.h"

namespace kontor::test {

class TestSigner final : public Signer, public LogKeyKeeper {
 public:
  Task<std::vector<tlog::NoteKey>> log_keys(LogId log) override {
    std::vector<tlog::NoteKey> keys;
    for (int number = made[log]; number >= first[log]; --number)
      keys.push_back(key(log, number).key());
    co_return keys;
  }
  Task<std::optional<tlog::Head>> signed_head(LogId log) override {
    const auto it = heads.find(log);
    co_return it == heads.end() ? std::nullopt : std::optional(it->second);
  }
  Task<Bytes> sign_checkpoint(LogId log, tlog::Head head, tlog::Proof proof) override {
    if (const auto it = heads.find(log); it != heads.end())
      co_await tlog::verify_consistency(proof, it->second, head);
    heads[log] = head;
    if (fail_after_head) co_return fail(Code::storage_failed);
    tlog::Note note{tlog::print_checkpoint({key(log).key().name, head, {}}), {}};
    for (int number = made[log]; number >= first[log]; --number)
      note.signatures.push_back(key(log, number).line(note.text));
    co_return tlog::print_note(note);
  }
  Task<std::vector<RetiredLogKey>> retired_log_keys(LogId log) override {
    std::vector<RetiredLogKey> keys;
    for (int number = first[log] - 1; number >= 0; --number)
      keys.push_back({key(log, number).key(), Timestamp{1}});
    co_return keys;
  }
  Task<tlog::NoteKey> rotate_log_key(LogId log) override { co_return key(log, ++made[log]).key(); }
  Task<std::vector<RetiredLogKey>> retire_log_keys(LogId log) override {
    if (first[log] == made[log]) co_return fail(Code::conflict);
    first[log] = made[log];
    co_return co_await retired_log_keys(log);
  }

  // The keys of a log are numbered in the order in which they are made.
  static tlog::testing::Signer key(LogId log, int number = 0) {
    return {"registry.example/log/" + std::string(to_string(log)), tlog::SignatureType::ed25519,
            "test signer" + std::string(static_cast<std::size_t>(number), '+')};
  }

  std::map<LogId, tlog::Head> heads;
  std::map<LogId, int> made, first;  // the newest key's number, and that of the oldest that signs
  bool fail_after_head = false;      // as a process does that dies there
};

}  // namespace kontor::test
