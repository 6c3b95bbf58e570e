#pragma once
// One request from the worker and the answer to it, as messages.
#include "apps/edge/host.h"
#include "http/forwarded.h"

#include <memory>

namespace kontor::edge {

// A request with all that its views look at.
class EdgeRequest {
 public:
  // `message`: method, path with query, peer's address, whether the client spoke TLS, whether there
  // is a body and its declared length plus one (0: not declared), headers.
  EdgeRequest(Host& host, Bytes message);
  EdgeRequest(const EdgeRequest&) = delete;

  // Where it came from; bad_request as http/forwarded.h says.
  Result<void> resolve(const http::ProxyRules& rules, std::string id);
  const http::Request& value() const { return request_; }

 private:
  class Body;

  Bytes message_;
  std::string address_;
  bool tls_ = false;
  std::unique_ptr<http::BodyReader> body_;
  std::string id_;
  http::Origin origin_;
  http::Request request_;
};

// Status, headers, then the body: 0 none; 1 bytes; 2 the keys a blob may have, offset and length. A
// HEAD gets the length of the body it does not get.
Bytes print_response(const http::Request& request, const http::Response& response);

}  // namespace kontor::edge
