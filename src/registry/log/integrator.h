#pragma once
// Turns committed leaves into tiles, and tiles into a signed checkpoint, in an order that survives
// a crash at any point:
//   1. tiles and bundles of the new size are made durable, then the state that names that size;
//   2. the signer makes the new head durable, having seen the proof that it extends the last one,
//      and signs it;
//   3. witnesses cosign it, where a policy demands them;
//   4. the checkpoint takes the place of the last one.
// After a crash the same leaves give the same files, so that repeating a step changes nothing.
#include "ports/log_files.h"
#include "ports/log_store.h"
#include "ports/signer.h"
#include "registry/log/cosigner.h"
#include "tlog/tile_builder.h"

#include <memory>

namespace kontor {

// What an integrator works on; all of one loop.
struct LogParts {
  LogStore& store;
  LogFiles& files;
  Signer& signer;
  Cosigner* cosigner = nullptr;  // null: no witness is waited for
};

// One log's, and the only one of that log. Tasks of one integrator follow each other.
class Integrator {
 public:
  // Picks up where the last one ended. unavailable, with a sentence for the operator, where the
  // store has fewer or other leaves than were published: somebody put an old copy in its place.
  static Task<std::unique_ptr<Integrator>> open(LogParts parts, LogId log);

  // Both of the following until nothing is left to do.
  Task<> publish();
  // Takes up to kMaxBatch leaves; yields whether more are waiting.
  Task<bool> integrate();
  // Signs what is integrated, where it is more than was signed or the keys are others. True where
  // there is a new checkpoint; false also where witnesses have not cosigned it, see waits_for().
  Task<bool> sign();
  // Why the newest checkpoint is not published though it is signed: no quorum of witnesses.
  const std::optional<Error>& waits_for() const { return waits_for_; }

  LogId log() const { return log_; }
  std::uint64_t integrated() const { return builder_.size(); }
  std::uint64_t published() const { return published_ ? published_->size : 0; }

  static constexpr std::uint32_t kMaxBatch = 16'384;

 private:
  Integrator(LogParts parts, LogId log) : parts_(parts), log_(log) {}
  Task<> restore();
  Task<> check_store();
  Task<> check_published();
  Task<> drop_partials(std::uint64_t from, std::uint64_t to);
  // Leaves the newest key beside the checkpoint, for those who read files alone.
  Task<> show_key(tlog::NoteKey key);
  // The note with the cosignatures; nothing where they are no quorum.
  Task<std::optional<Bytes>> cosigned(Bytes note, tlog::Head head);

  LogParts parts_;
  LogId log_;
  tlog::TileBuilder builder_;
  Bytes bundle_;                          // entries of the last, partial bundle
  std::optional<tlog::Head> published_;   // what the checkpoint says
  std::vector<std::uint32_t> signed_by_;  // ids of the log's keys under it
  std::string shown_key_;                 // what the file says, once this process has written it
  std::optional<Error> waits_for_;
};

}  // namespace kontor
