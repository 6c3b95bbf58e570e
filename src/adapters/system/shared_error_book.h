#pragma once
// ErrorBook of all loops of one process.
#include "ports/error_book.h"

#include <mutex>
#include <utility>

namespace kontor::host {

class SharedErrorBook final : public ErrorBook {
 public:
  void add(std::string_view request_id, const Error& error, Timestamp now) override {
    const std::lock_guard lock(mutex_);
    groups_.add(request_id, error, now);
    changed_ = true;
  }
  Task<std::vector<ErrorGroup>> list() override { co_return groups(); }
  Task<std::optional<ErrorGroup>> find(std::string id) override {
    const std::lock_guard lock(mutex_);
    co_return groups_.find(id);
  }
  Task<> clear() override {
    const std::lock_guard lock(mutex_);
    groups_.clear();
    changed_ = true;
    co_return {};
  }
  std::vector<ErrorGroup> groups() const {
    const std::lock_guard lock(mutex_);
    return groups_.list();
  }
  void restore(std::vector<ErrorGroup> groups) {
    const std::lock_guard lock(mutex_);
    groups_.restore(std::move(groups));
  }
  // Whether anything has changed since the last call.
  bool take_changed() {
    const std::lock_guard lock(mutex_);
    return std::exchange(changed_, false);
  }

 private:
  mutable std::mutex mutex_;
  ErrorGroups groups_;
  bool changed_ = false;
};

}  // namespace kontor::host
