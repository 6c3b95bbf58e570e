// The timer holds the waiter; when it has fired, or the caller is gone, its entry is an empty one.
#include "apps/server/log_progress.h"

#include <algorithm>

namespace kontor {

void PublishedLogs::Waiter::answer(bool covered) {
  const std::scoped_lock lock(mutex);
  if (auto to = std::exchange(sender, std::nullopt)) to->send(covered);
}

bool PublishedLogs::covers(const LogPlace& place) const {
  const auto size = sizes_.find(place.log);
  return size != sizes_.end() && place.index < size->second;
}

void PublishedLogs::set_size(LogId log, std::uint64_t published) {
  std::vector<std::weak_ptr<Waiter>> done;
  {
    const std::scoped_lock lock(mutex_);
    sizes_[log] = published;
    std::erase_if(waiting_, [&](const Waiting& waiting) {
      const bool covered = covers(waiting.place);
      if (covered) done.push_back(waiting.waiter);
      return covered;
    });
  }
  for (const auto& waiting : done)
    if (const auto waiter = waiting.lock()) waiter->answer(true);
}

Result<bool> PublishedLogs::covers_or_waits(const LogPlace& place,
                                            const std::shared_ptr<Waiter>& waiter) {
  const std::scoped_lock lock(mutex_);
  if (covers(place)) return true;
  if (waiting_.size() >= kMostWaiting)
    std::erase_if(waiting_, [](const Waiting& waiting) { return waiting.waiter.expired(); });
  if (waiting_.size() >= kMostWaiting) return fail(Code::unavailable);
  waiting_.push_back({place, waiter});
  return false;
}

Task<bool> ShardLogProgress::wait_for(LogPlace place, Duration at_most) {
  Handoff<bool> handoff(loop_);
  const auto waiter = std::make_shared<PublishedLogs::Waiter>();
  waiter->sender.emplace(std::move(handoff.sender));
  const auto covered = logs_.covers_or_waits(place, waiter);
  if (!covered) co_return false;
  if (*covered) co_return true;
  loop_.post_after(at_most, [waiter] { waiter->answer(false); });
  Result<bool> answer = co_await handoff.receiver;
  co_return answer;
}

}  // namespace kontor
