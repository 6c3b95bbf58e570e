#pragma once
// What a server remembers of its own failures (row HLT-02).
#include "domain/error_groups.h"

namespace kontor {

// Any thread.
class ErrorBook {
 public:
  virtual ~ErrorBook() = default;
  virtual void add(std::string_view request_id, const Error& error, Timestamp now) = 0;
  virtual std::vector<ErrorGroup> list() const = 0;
  virtual std::optional<ErrorGroup> find(std::string_view id) const = 0;
  virtual void clear() = 0;
};

}  // namespace kontor
