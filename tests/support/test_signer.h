#pragma once
// A signer in memory that keeps its promise: it signs no head that does not extend the last.
#include "ports/signer.h"
#include "tests/support/sodium_ed25519.h"
#include "tlog/checkpoint.h"

namespace kontor::test {

class TestSigner final : public Signer {
 public:
  Task<std::vector<tlog::NoteKey>> log_keys(LogId log) override {
    co_return std::vector{key(log).key()};
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
    const auto signer = key(log);
    tlog::Note note{tlog::print_checkpoint({signer.key().name, head, {}}), {}};
    note.signatures.push_back(signer.line(note.text));
    co_return tlog::print_note(note);
  }

  static tlog::testing::Signer key(LogId log) {
    return {"registry.example/log/" + std::string(to_string(log)), tlog::SignatureType::ed25519,
            "test signer"};
  }

  std::map<LogId, tlog::Head> heads;
  bool fail_after_head = false;  // as a process does that dies there
};

}  // namespace kontor::test
