// A checkpoint may be exchanged, and partial tiles with it, between two reads: then it is tried
// again.
#include "registry/log/log_probe.h"

#include "registry/log/log_reader.h"

namespace kontor {
namespace {

constexpr int kTries = 3;

std::unexpected<Error> broken(LogId log, const std::string& why) {
  return fail(Code::storage_failed, {}, "the " + std::string(to_string(log)) + " log: " + why);
}

Task<> prove_last_leaf(LogStore& store, LogFiles& files, LogId log, tlog::Head head) {
  if (head.size == 0) co_return {};
  const auto index = head.size - 1;
  const auto leaves = co_await store.entries(log, index, 1);
  if (leaves.empty())
    co_return broken(log, "the store has fewer leaves than the " + std::to_string(head.size) +
                              " that were published");
  const auto proof = co_await inclusion_proof(files, log, index, {head.size, head.size});
  if (auto held = tlog::verify_inclusion(proof, index, tlog::leaf_hash(leaves[0]), head); !held)
    co_return broken(log, "leaf " + std::to_string(index) + " is not what was published");
  co_return {};
}

}  // namespace

Task<> probe_log(LogStore& store, LogFiles& files, LogId log) {
  Result<void> held;
  Bytes before;
  for (int i = 0; i < kTries; ++i) {
    const auto checkpoint = co_await read_checkpoint(files, log);
    if (!checkpoint || checkpoint->note == before) break;
    before = checkpoint->note;
    held = co_await whole(prove_last_leaf(store, files, log, checkpoint->head));
    if (held) break;
  }
  if (!held) co_return std::unexpected(held.error());
  co_return {};
}

}  // namespace kontor
