#pragma once
// HTTP/1.1 request heads (RFC 9112) without sockets: where a head ends, and what it says. Anything
// two parsers could understand differently is refused; the connection closes after that.
#include "base/error.h"
#include "http/message.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kontor::net {

struct HeadLimits {
  std::size_t uri_bytes = 8 * 1024;      // beyond: uri_too_long
  std::size_t header_bytes = 16 * 1024;  // request line included; beyond: headers_too_large
  std::size_t header_count = 100;        // beyond: headers_too_large
};

// Finds the end of a head that arrives in pieces; looks at each byte once.
class HeadScanner {
 public:
  // `bytes` is everything received from the first byte of the head on. Yields the size of the head
  // including its empty line, or 0 where more must be read. Refuses bare CR and LF, folded lines
  // and whatever does not begin like a method.
  Result<std::size_t> scan(std::string_view bytes, const HeadLimits& limits);
  void reset() { *this = HeadScanner(); }

 private:
  Result<void> check_line(std::string_view line, const HeadLimits& limits);
  Result<std::size_t> incomplete(std::string_view bytes, const HeadLimits& limits) const;

  std::size_t line_ = 0;   // start of the line that is not complete yet
  std::size_t seen_ = 0;   // no line feed in [line_, seen_)
  std::size_t lines_ = 0;  // complete lines, the request line included
};

enum class BodyFraming : std::uint8_t { none, length, chunked };

struct Http1Head {
  std::string_view host;  // empty only for HTTP/1.0
  BodyFraming framing = BodyFraming::none;
  std::uint64_t content_length = 0;
  bool keep_alive = true;
  bool expects_continue = false;
  bool http_1_0 = false;
};

// Parses a complete head as found by HeadScanner. Fills method, path, query and headers of
// `request` with views into `head`. bad_request where anything is malformed or ambiguous,
// not_implemented for an unknown method.
Result<void> parse_head(std::string_view head, http::Request& request, Http1Head& out);

// Splits a request target into path and query. bad_request unless it is a path of visible ASCII
// without fragment ("*" of OPTIONS becomes "/").
Result<void> set_target(std::string_view target, http::Request& request);

}  // namespace kontor::net
