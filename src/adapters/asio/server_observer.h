#pragma once
// What the server tells about its work: one call an answered request.
#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::net {

// Views are valid during the call only.
struct RequestSummary {
  std::string_view method;  // empty where the head could not be read
  std::string_view path;    // raw, without query; may hold secrets: log log_target() instead
  std::string_view id;
  std::string_view address;  // the client's, after trusted proxies
  std::string_view family;
  std::string_view pattern;
  std::string_view principal;
  std::string_view protocol;  // "http/1.0", "http/1.1", "h2"
  std::string_view error;     // code the host itself refused with, empty otherwise
  std::uint16_t status = 0;
  bool complete = true;         // false: the client went away before the answer was out
  std::uint64_t bytes_in = 0;   // body only
  std::uint64_t bytes_out = 0;  // head and body as sent, before TLS
  std::uint64_t duration_us = 0;
};

// Called on the loops' threads, several at a time; must be quick and may not throw.
class ServerObserver {
 public:
  virtual ~ServerObserver() = default;
  virtual void answered(const RequestSummary&) {}
  virtual void refused_connection(std::string_view /*address*/) {}
  virtual void failed_handshake(std::string_view /*address*/, std::string_view /*reason*/) {}
};

// What may stand in a log for the request's target: the path where the route's parameters are
// public names, else the pattern; without a route the path, its segments that could be secrets
// masked. Tokens are masked wherever they stand. At most 256 bytes.
std::string log_target(const RequestSummary& summary);

}  // namespace kontor::net
