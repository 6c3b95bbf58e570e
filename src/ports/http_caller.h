#pragma once
// Asking another service over HTTP: a payment provider, a git host.
#include "base/bytes.h"
#include "base/task.h"

#include <string>
#include <utility>
#include <vector>

namespace kontor {

struct HttpCall {
  std::string method = "GET";
  std::string url;  // of the operator's configuration; never from a request
  std::vector<std::pair<std::string, std::string>> headers = {};
  Bytes body = {};
};

struct HttpReply {
  int status = 0;
  Bytes body;  // at most 1 MiB
};

// Thread: one instance belongs to one loop.
class HttpCaller {
 public:
  virtual ~HttpCaller() = default;
  // Any status is a success; redirects are not followed. unavailable where no whole answer came
  // within some seconds, or too many calls wait. The call may have had its effect also then.
  virtual Task<HttpReply> send(HttpCall call) = 0;
};

}  // namespace kontor
