#pragma once
// Optimistic changes: read, decide, apply with preconditions, and again if others were faster.
#include "base/task.h"

namespace kontor {

// `attempt()` yields a Task; it is called again while that fails with conflict, four times in all.
// Whatever it refers to must outlive the task.
template <class Attempt>
auto retry_on_conflict(Attempt attempt) -> decltype(attempt()) {
  constexpr int kRounds = 4;
  for (int round = 1;; ++round) {
    auto result = co_await whole(attempt());
    if (result || result.error().code != Code::conflict || round == kRounds) co_return result;
  }
}

}  // namespace kontor
