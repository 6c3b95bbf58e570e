// Read, reckon, write: what is written follows from what was read in the same transaction.
#include "adapters/sqlite/rate_store.h"

#include <algorithm>

namespace kontor::sqlite {
namespace {

constexpr std::size_t kMostUses = 65'536;

Result<std::vector<RateState>> add_uses(Connection& db, const std::vector<RateUse>& uses,
                                        Timestamp now) {
  std::vector<RateState> out;
  for (const auto& use : uses) {
    const auto state = db.number("SELECT state FROM rate_states WHERE key = ?",
                                 static_cast<std::int64_t>(use.key));
    if (!state) return std::unexpected(state.error());
    out.push_back(std::max(state->value_or(0), now.ms * 1000) + use.cost);
  }
  for (std::size_t i = 0; i < uses.size(); ++i)
    if (auto done = db.run("INSERT OR REPLACE INTO rate_states (key, state) VALUES (?, ?)",
                           static_cast<std::int64_t>(uses[i].key), out[i]);
        !done)
      return fail(done);
  return out;
}

Result<std::uint64_t> forget(Connection& db, Timestamp now, std::uint32_t limit) {
  const auto keys = db.all(
      "SELECT key FROM rate_states WHERE state <= ? LIMIT ?",
      [](const Row& row) { return row.integer(0); }, now.ms * 1000, limit);
  if (!keys) return std::unexpected(keys.error());
  for (const auto key : *keys)
    if (auto done = db.run("DELETE FROM rate_states WHERE key = ?", key); !done) return fail(done);
  return keys->size();
}

}  // namespace

Task<std::vector<RateState>> RateStore::add(std::vector<RateUse> uses, Timestamp now) {
  if (uses.size() > kMostUses) co_return fail(Code::too_large, {}, "too many uses at once");
  co_return co_await session_.write<std::vector<RateState>>(
      [uses = std::move(uses), now](Connection& db) { return add_uses(db, uses, now); },
      ChangeStamps::kNothing);
}

Task<std::uint64_t> RateStore::forget_whole(Timestamp now, std::uint32_t limit) {
  return session_.write<std::uint64_t>(
      [now, limit](Connection& db) { return forget(db, now, limit); }, ChangeStamps::kNothing);
}

}  // namespace kontor::sqlite
