#pragma once
// The keys of one log, and the last head they signed. It signs a head only after it has seen the
// proof that it extends that one, and after the head is on disk: two heads that contradict each
// other are never signed, whatever is asked and wherever the process dies.
//
// Files: log-<name>.key holds the keys in the usual text form of note keys, the newest in the first
// line; log-<name>.head holds the last head.
#include "adapters/system/sodium_ed25519.h"
#include "apps/server/signing/key_files.h"
#include "ports/entropy.h"
#include "ports/log_records.h"
#include "tlog/proof.h"

#include <memory>
#include <optional>
#include <vector>

namespace kontor::signing {

class LogSigner {
 public:
  // Reads the files; makes a key named `origin` where there is none. unavailable, with a sentence,
  // where a file is not what it should be.
  static Result<std::unique_ptr<LogSigner>> open(const KeyFolder& folder, LogId log,
                                                 const std::string& origin, Entropy& entropy);

  std::vector<tlog::NoteKey> keys() const;
  const std::optional<tlog::Head>& head() const { return head_; }
  // See ports/signer.h.
  Result<Bytes> sign(const tlog::Head& head, const tlog::Proof& proof);

 private:
  struct Key {
    tlog::NoteKey note;
    Bytes text;  // its line in the file
    std::unique_ptr<host::Ed25519Key> secret;
  };
  LogSigner(const KeyFolder& folder, LogId log) : folder_(folder), log_(log) {}
  std::string file(std::string_view ending) const;
  static Result<Key> parse_key(ByteView line);
  static Result<Key> make_key(const std::string& origin, Entropy& entropy);
  Result<void> read_keys(ByteView text);
  Result<void> read_head(ByteView text);
  Result<void> write_keys() const;

  KeyFolder folder_;
  LogId log_;
  std::vector<Key> keys_;  // newest first
  std::optional<tlog::Head> head_;
};

}  // namespace kontor::signing
