#pragma once
// What the server hosts: a handler of requests, and the files behind blob bodies.
#include "adapters/asio/owned_fd.h"
#include "base/digest.h"
#include "base/task.h"
#include "http/ready.h"

#include <optional>
#include <string>
#include <string_view>

namespace kontor::net {

// Filled by the handler as soon as it knows; told to the ServerObserver with the answer. The views
// must outlive the server.
struct RequestLog {
  std::string_view family;   // npm, accounts, health, ...; empty where no route matched
  std::string_view pattern;  // the route's pattern, empty where no route matched
  std::string principal;     // user name, empty for anonymous
};

// One handler serves one loop; it is only called on that loop's thread.
class Handler {
 public:
  virtual ~Handler() = default;
  // `request` and `log` live until the task ends or is destroyed. A client that goes away does not
  // end the task: its BodyReader fails, its answer is dropped. Only the end of the server destroys
  // a task that has not ended. An error that leaves the task is answered as {"error","message"}.
  virtual Task<http::Response> handle(const http::Request& request, RequestLog& log) = 0;
  // An answer that needs no waiting and may be sent again; asked first for requests without a body.
  // Nothing: handle() is called.
  virtual std::optional<http::Ready> ready(const http::Request&, RequestLog&) { return {}; }
};

// Opens the files of blobs for sending. Called on the loop's thread; must be quick.
class BlobOpener {
 public:
  virtual ~BlobOpener() = default;
  // The file holding exactly the blob's bytes; not_found where there is none.
  virtual Result<SharedFd> open(const Sha256& digest) = 0;
};

}  // namespace kontor::net
