// Checkpoints: what is accepted prints the same, and a signed one is believed under its own log's
// key only.
#include "base/check.h"
#include "tlog/signed_checkpoint.h"

#include <cstdint>

namespace {

using kontor::check;

// Believes every signature.
class Believer final : public kontor::tlog::Ed25519 {
 public:
  bool verify(const kontor::tlog::PublicKey&, kontor::ByteView,
              const kontor::tlog::RawSignature&) const override {
    return true;
  }
};

// The keys of the sample log, which seeds are signed by.
kontor::tlog::LogTrust sample_trust() {
  return {{*kontor::tlog::parse_vkey(
              "registry.example/log+ce4b0075+AZcJU5HJ4L7OcMclu/yDaOdiKjRmAI+2gXE+J/cs4nwu")},
          {*kontor::tlog::parse_vkey(
              "witness.example/w1+561e0bd8+BFWT80vJkwiOyJ8HidnKQimJlD6cAYq3Cm3kezgCwagH")},
          0};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const kontor::ByteView text(reinterpret_cast<const char*>(data), size);
  if (const auto checkpoint = kontor::tlog::parse_checkpoint(text))
    check(print_checkpoint(*checkpoint) == text, "a checkpoint prints otherwise");
  if (kontor::tlog::check_origin(text))
    check(kontor::tlog::is_key_name(text), "an origin cannot be the name of a key");

  auto trust = sample_trust();
  const auto opened = kontor::tlog::open_checkpoint(text, trust, Believer());
  if (!opened) return 0;
  check(opened->checkpoint.origin == trust.log_keys[0].name, "the checkpoint of another log");
  check(opened->witnessed.size() <= 1, "more witnesses than there are");
  trust.quorum = 1;
  check(kontor::tlog::open_checkpoint(text, trust, Believer()).has_value() ==
            (opened->witnessed.size() == 1),
        "the quorum is counted otherwise");
  return 0;
}
