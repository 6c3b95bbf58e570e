#pragma once
// The keys of one log, and the last head they signed. It signs a head only after it has seen the
// proof that it extends that one, and after the head is on disk: two heads that contradict each
// other are never signed, whatever is asked and wherever the process dies.
//
// Files: log-<name>.key holds the keys that sign, in the usual text form of note keys, the newest
// in the first line, and below them those that sign no more: "retired <milliseconds since 1970>
// <verifier key>". log-<name>.head holds the last head.
#include "adapters/system/sodium_ed25519.h"
#include "apps/server/signing/key_files.h"
#include "ports/entropy.h"
#include "ports/log_key_keeper.h"
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
  const std::vector<RetiredLogKey>& retired() const { return retired_; }
  const std::optional<tlog::Head>& head() const { return head_; }
  // See ports/signer.h.
  Result<Bytes> sign(const tlog::Head& head, const tlog::Proof& proof);
  // See ports/log_key_keeper.h; after an error nothing has changed here.
  Result<tlog::NoteKey> rotate(Entropy& entropy);
  Result<std::vector<RetiredLogKey>> retire(Timestamp now);

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
  Result<void> read_retired(ByteView line);
  Result<void> read_head(ByteView text);
  // The first `signing` of keys_ as those that sign.
  Result<void> write_keys(std::size_t signing, const std::vector<RetiredLogKey>& retired) const;

  KeyFolder folder_;
  LogId log_;
  std::vector<Key> keys_;               // newest first
  std::vector<RetiredLogKey> retired_;  // newest first
  std::optional<tlog::Head> head_;
};

}  // namespace kontor::signing
