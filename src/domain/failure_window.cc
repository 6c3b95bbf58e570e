// The sliding window of failures, with a bounded number of keys.
#include "domain/failure_window.h"

#include <algorithm>

namespace kontor {

std::optional<Duration> FailureWindow::blocked(const std::string& key, Timestamp now) const {
  const auto it = entries_.find(key);
  if (it == entries_.end() || it->second.failures.size() < limits_.failures) return std::nullopt;
  const Duration left = it->second.failures.front() + limits_.window - now;
  if (left.ms <= 0) return std::nullopt;
  return std::min(left, limits_.window);  // a clock that stepped back must not block for hours
}

void FailureWindow::failed(const std::string& key, Timestamp now) {
  auto [it, added] = entries_.try_emplace(key);
  Entry& entry = it->second;
  if (added)
    entry.place = by_last_failure_.insert(by_last_failure_.end(), key);
  else
    by_last_failure_.splice(by_last_failure_.end(), by_last_failure_, entry.place);
  entry.failures.push_back(now);
  if (entry.failures.size() > limits_.failures) entry.failures.pop_front();
  if (entries_.size() > limits_.max_keys) {
    entries_.erase(by_last_failure_.front());
    by_last_failure_.pop_front();
  }
}

void FailureWindow::succeeded(const std::string& key) {
  const auto it = entries_.find(key);
  if (it == entries_.end()) return;
  by_last_failure_.erase(it->second.place);
  entries_.erase(it);
}

}  // namespace kontor
