#pragma once
// Response heads as bytes of HTTP/1.1, and the checks no answer escapes.
#include "http/message.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::net {

// Whether names are tokens and values free of CR, LF and NUL. What fails must not be sent: it
// could end the head and begin an answer of somebody else's making.
bool is_sendable(const http::Response& response);

// Whether the server writes this header itself and drops the handler's: framing, date,
// connection, request id. Names in lower case.
bool is_host_header(std::string_view name);

// Whether an answer with this status may have a body at all.
bool has_body(std::uint16_t status);

// What the server adds to a head.
struct HeadParts {
  std::string_view date;  // as http_date()
  std::string_view id;
  bool close = false;
};

// Appends the first part of a head, which is the same whenever the answer is given: status line,
// headers, and content-length where the status has a body.
void append_head_start(std::string& out, const http::Response& response, std::uint64_t length);
// Appends the rest: request id, date, connection, and the empty line.
void append_head_end(std::string& out, const HeadParts& parts);

// The answer to what fails outside a handler: {"error": text, "message": text} with the code in
// `kontor-error-code`, and Retry-After where waiting helps.
http::Response error_response(const Error& error);

}  // namespace kontor::net
