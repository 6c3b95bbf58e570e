// Messages: look-ups, small constructors, names of methods and statuses.
#include "http/message.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "http/query.h"

namespace kontor::http {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 7> kMethods = {{
    {Method::get, "GET"},
    {Method::head, "HEAD"},
    {Method::put, "PUT"},
    {Method::post, "POST"},
    {Method::del, "DELETE"},
    {Method::patch, "PATCH"},
    {Method::options, "OPTIONS"},
}};

constexpr std::array<std::pair<std::uint16_t, std::string_view>, 33> kReasons = {{
    {200, "OK"}, {201, "Created"}, {202, "Accepted"}, {204, "No Content"},
    {206, "Partial Content"}, {301, "Moved Permanently"}, {302, "Found"}, {303, "See Other"},
    {304, "Not Modified"}, {307, "Temporary Redirect"}, {308, "Permanent Redirect"},
    {400, "Bad Request"}, {401, "Unauthorized"}, {402, "Payment Required"}, {403, "Forbidden"},
    {404, "Not Found"}, {405, "Method Not Allowed"}, {406, "Not Acceptable"},
    {408, "Request Timeout"}, {409, "Conflict"}, {410, "Gone"}, {413, "Content Too Large"},
    {414, "URI Too Long"}, {415, "Unsupported Media Type"}, {416, "Range Not Satisfiable"},
    {422, "Unprocessable Content"}, {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"}, {500, "Internal Server Error"},
    {501, "Not Implemented"}, {503, "Service Unavailable"}, {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
}};

Response with_body(std::uint16_t status, std::string_view type, Bytes body) {
  Response r;
  r.status = status;
  r.set("content-type", std::string(type));
  r.body = std::move(body);
  return r;
}

}  // namespace

std::string_view to_string(Method method) {
  for (auto [m, text] : kMethods)
    if (m == method) return text;
  return "OTHER";
}

Method parse_method(std::string_view text) {
  for (auto [m, name] : kMethods)
    if (name == text) return m;
  return Method::other;
}

std::string_view Request::header(std::string_view name) const {
  for (const auto& h : headers)
    if (equal_ignoring_case(h.name, name)) return h.value;
  return {};
}

std::optional<std::string> Request::query_value(std::string_view name) const {
  return find_query_value(query, name);
}

Task<Bytes> read_all(BodyReader* body, std::uint64_t max) {
  Bytes out;
  if (!body) co_return out;
  if (body->declared_length().value_or(0) > max) co_return fail(Code::too_large);
  for (;;) {
    const ByteView piece = co_await body->read();
    if (piece.empty()) co_return out;
    if (out.size() + piece.size() > max) co_return fail(Code::too_large);
    out.append(piece);
  }
}

Response& Response::set(std::string_view name, std::string value) {
  const auto it = std::ranges::find(headers, name, &Header::name);
  if (it != headers.end()) it->value = std::move(value);
  else headers.push_back({std::string(name), std::move(value)});
  return *this;
}

std::string_view Response::header(std::string_view name) const {
  const auto it = std::ranges::find(headers, name, &Header::name);
  return it == headers.end() ? std::string_view{} : it->value;
}

std::uint64_t body_length(const Body& body) {
  if (const auto* bytes = std::get_if<Bytes>(&body)) return bytes->size();
  if (const auto* shared = std::get_if<SharedBytes>(&body)) return (*shared)->size();
  if (const auto* blob = std::get_if<BlobBody>(&body)) return blob->length;
  return 0;
}

std::string_view reason_phrase(std::uint16_t status) {
  for (auto [code, text] : kReasons)
    if (code == status) return text;
  return "Unknown";
}

Response json_response(std::uint16_t status, Bytes body) {
  return with_body(status, "application/json; charset=utf-8", std::move(body));
}
Response text_response(std::uint16_t status, Bytes body) {
  return with_body(status, "text/plain; charset=utf-8", std::move(body));
}
Response html_response(std::uint16_t status, Bytes body) {
  return with_body(status, "text/html; charset=utf-8", std::move(body));
}

}  // namespace kontor::http
