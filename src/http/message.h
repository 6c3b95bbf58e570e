#pragma once
// HTTP messages as values: what a host (native server, edge) hands to the core and gets back.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/task.h"

namespace kontor::http {

enum class Method : std::uint8_t { get, head, put, post, del, patch, options, other };

std::string_view to_string(Method method);  // "GET"
Method parse_method(std::string_view text);  // case-sensitive, as RFC 9110 has it

struct HeaderView {
  std::string_view name;  // as sent; compare ignoring case
  std::string_view value;
};

// The pieces of a request's body, in order. At most one read is under way at a time.
class BodyReader {
 public:
  virtual ~BodyReader() = default;
  // The next piece (at most 64 KiB), empty at the end. The view is valid until the next read.
  // Fails with too_large, request_timeout or bad_request (truncated); then the body is over.
  virtual Task<ByteView> read() = 0;
  // Content-Length, where the client declared it.
  virtual std::optional<std::uint64_t> declared_length() const = 0;
};

// A request lives, with all its views, until the task of its handler has ended.
struct Request {
  Method method = Method::get;
  std::string_view method_text;
  std::string_view path;   // raw: still percent-encoded, begins with '/', no query
  std::string_view query;  // raw, without '?'
  std::vector<HeaderView> headers;
  std::string_view address;   // client's address, after trusted proxies, without port
  std::string_view base_url;  // "scheme://host[:port]" clients see us under, no trailing slash
  std::string_view id;        // request id, also in the answer and the log
  BodyReader* body = nullptr;  // null: no body

  // First header of that name, empty where absent. Names are given in lower case.
  std::string_view header(std::string_view name) const;
  // Value of a query parameter, decoded; nothing where absent or ill-encoded. '+' means space.
  std::optional<std::string> query_value(std::string_view name) const;
};

// Reads a whole body of at most `max` bytes; too_large beyond that. Null reader: empty.
Task<Bytes> read_all(BodyReader* body, std::uint64_t max);

struct Header {
  std::string name;  // lower case
  std::string value;
};

// Bytes [offset, offset + length) of a stored blob; the host sends them without the core.
struct BlobBody {
  Sha256 digest;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

using Body = std::variant<std::monostate, Bytes, SharedBytes, BlobBody>;

struct Response {
  std::uint16_t status = 200;
  std::vector<Header> headers;
  Body body;

  Response& set(std::string_view name, std::string value);  // replaces
  std::string_view header(std::string_view name) const;
};

std::uint64_t body_length(const Body& body);
std::string_view reason_phrase(std::uint16_t status);

Response json_response(std::uint16_t status, Bytes body);
Response text_response(std::uint16_t status, Bytes body);
Response html_response(std::uint16_t status, Bytes body);

}  // namespace kontor::http
