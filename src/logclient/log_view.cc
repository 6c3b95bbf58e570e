// Every checkpoint is compared with the newest one before it counts.
#include "logclient/log_view.h"

#include "logclient/tile_fetcher.h"

namespace kontor::logclient {
namespace {

std::string describe(const tlog::Head& head) {
  return "size " + std::to_string(head.size) + " with root " + head.root.base64();
}

// Both heads, whatever the proof said: they are the evidence.
std::unexpected<Error> no_growth(const tlog::Head& older, const tlog::Head& newer,
                                 const Error& why) {
  return fail(Code::invalid_proof,
              "The log does not continue what it has shown before: " + describe(older) +
                  " was seen, now it shows " + describe(newer) + ". " + std::string(why.message()));
}

}  // namespace

Result<void> check_growth(LogSource& source, const tlog::Head& older, const tlog::Head& newer) {
  tlog::Proof proof;
  if (older.size > 0 && older.size < newer.size) {
    auto made = tlog::prove_consistency(older.size, newer.size, TileFetcher(source, newer.size));
    // A log that cannot show the tiles of a head it has signed does not continue, either.
    if (!made && made.error().code == Code::not_found) return no_growth(older, newer, made.error());
    if (!made) return fail(made);
    proof = *std::move(made);
  }
  const auto consistent = tlog::verify_consistency(proof, older, newer);
  if (!consistent) return no_growth(older, newer, consistent.error());
  return {};
}

Result<LogView> LogView::open(LogSource& source, const tlog::Policy& policy,
                              const tlog::Ed25519& ed25519, const std::string& remembered) {
  LogView view(source, policy, ed25519);
  auto note = source.read("checkpoint", tlog::kMaxNoteBytes);
  if (!note) return fail(note);
  auto now = tlog::open_checkpoint(*note, policy, ed25519);
  if (!now) return fail(now);
  if (!remembered.empty()) {
    const auto known =
        remembered == *note
            ? now
            : tlog::open_checkpoint(remembered, tlog::trust_in(policy, now->checkpoint.origin),
                                    ed25519);
    if (!known)
      return fail(Code::invalid_signature,
                  "The remembered checkpoint cannot be believed any more, compare it with the "
                  "pinned key: " +
                      std::string(known.error().message()));
    const auto grown = check_growth(source, known->checkpoint.head, now->checkpoint.head);
    if (!grown) return std::unexpected(grown.error());
  }
  view.newest_ = *std::move(now);
  view.note_ = *std::move(note);
  return view;
}

Result<tlog::Head> LogView::admit(const std::string& note) {
  if (note == note_) return head();
  if (note == admitted_) return admitted_head_;
  auto opened = tlog::open_checkpoint(note, *policy_, *ed25519_);
  if (!opened) return fail(opened);
  if (opened->checkpoint.origin != newest_.checkpoint.origin)
    return fail(Code::invalid_proof, "The checkpoint is one of the log " +
                                         opened->checkpoint.origin + " and not of " +
                                         newest_.checkpoint.origin + ".");
  const tlog::Head that = opened->checkpoint.head;
  const bool newer = that.size > head().size;
  auto grown = newer ? check_growth(*source_, head(), that) : check_growth(*source_, that, head());
  if (!grown) return fail(grown);
  admitted_ = note;
  admitted_head_ = that;
  if (newer) {
    newest_ = *std::move(opened);
    note_ = note;
  }
  return that;
}

Result<void> LogView::check_entry(const tlog::TlogProof& proof, ByteView leaf) {
  auto under = admit(proof.checkpoint);
  if (!under) return fail(under);
  return tlog::verify_inclusion(proof.hashes, proof.index, tlog::leaf_hash(leaf), *under);
}

Result<void> LogView::check_entry(std::uint64_t index, ByteView leaf) const {
  const auto proof = tlog::prove_inclusion(index, head().size, TileFetcher(*source_, head().size));
  if (!proof) return std::unexpected(proof.error());
  return tlog::verify_inclusion(*proof, index, tlog::leaf_hash(leaf), head());
}

}  // namespace kontor::logclient
