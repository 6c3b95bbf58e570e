#pragma once
// run_on(): the bridge between a coroutine and a worker thread.
#include "ports/handoff.h"
#include "ports/loop.h"

namespace kontor {

// Runs `work` on the workers and yields its Result on `home`; unavailable where their queue is
// full. If the awaiting coroutine is destroyed meanwhile, the work still runs and its result is
// dropped.
template <class T>
Task<T> run_on(Workers& workers, Loop& home, std::move_only_function<Result<T>()> work) {
  Handoff<T> handoff(home);
  const bool queued = workers.submit([sender = std::move(handoff.sender),
                                      work = std::move(work)]() mutable { sender.send(work()); });
  if (!queued) co_return fail(Code::unavailable, {}, "worker queue full");
  Result<T> result = co_await handoff.receiver;
  co_return result;
}

}  // namespace kontor
