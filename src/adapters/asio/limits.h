#pragma once
// What one client may cost us, and the settings of a running server. All can change while it runs.
#include "adapters/asio/http1_parser.h"
#include "base/error.h"
#include "base/time.h"
#include "http/forwarded.h"

#include <cstdint>
#include <string>

namespace kontor::net {

struct Limits {
  HeadLimits head;                              // header_bytes is held to 64 KiB
  std::uint64_t body_bytes = 300ull << 20;      // of one request; too_large beyond
  std::uint32_t connections = 10'000;           // of the whole server
  std::uint32_t connections_per_address = 512;  // IPv6: per /64; trusted proxies are exempt
  Duration handshake_timeout = seconds(10);     // TLS, from accept
  Duration header_timeout = seconds(10);        // from the first byte of a head to its last
  Duration body_timeout = seconds(30);          // without a byte while the handler waits
  std::uint32_t body_bytes_per_second = 128;    // least average rate once body_timeout is over
  Duration idle_timeout = seconds(75);          // between requests
  Duration write_timeout = seconds(30);         // without progress while the client reads
  Duration linger_timeout = seconds(5);         // to let a refused client read our answer
  std::uint32_t streams_per_connection = 128;   // HTTP/2
  std::uint32_t resets_per_10s = 200;           // HTTP/2 streams a client may cancel
};

// What is said of a longer body.
inline Error body_too_large(std::uint64_t body_bytes) {
  return {Code::too_large,
          "A request may carry at most " + std::to_string(body_bytes) + " bytes here.",
          {}};
}

struct ServerSettings {
  Limits limits;
  http::ProxyRules proxies;
};

}  // namespace kontor::net
