#pragma once
// Optional observation: every method defaults to nothing. Calls are cheap, never fail, any thread.
#include <cstdint>
#include <string_view>

#include "base/error.h"

namespace kontor {

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void published(std::string_view /*format*/, bool /*ok*/) {}
  virtual void auth_failed(std::string_view /*reason*/) {}
  virtual void document_cache(bool /*hit*/) {}
  virtual void downloaded(std::string_view /*format*/, std::uint64_t /*bytes*/) {}
  // An error with a cause: what strangers are not told goes to the log here.
  virtual void failed(std::string_view /*request_id*/, const Error&) {}
};

}  // namespace kontor
