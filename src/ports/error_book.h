#pragma once
// What a server remembers of its own failures (row HLT-02).
#include "base/task.h"
#include "domain/error_groups.h"

namespace kontor {

// Any thread.
class ErrorBook {
 public:
  virtual ~ErrorBook() = default;
  // Nobody waits for it; what cannot be kept is in the log alone.
  virtual void add(std::string_view request_id, const Error& error, Timestamp now) = 0;
  virtual Task<std::vector<ErrorGroup>> list() = 0;  // last seen first
  // By the group's id, or by the id of one of the requests it remembers.
  virtual Task<std::optional<ErrorGroup>> find(std::string id) = 0;
  virtual Task<> clear() = 0;
};

}  // namespace kontor
