// Heads are appended to one reused string; nothing is allocated for an ordinary answer.
#include "adapters/asio/response_head.h"

#include <array>
#include <charconv>

namespace kontor::net {
namespace {

constexpr std::array<bool, 256> kTokenBytes = [] {
  std::array<bool, 256> table{};
  for (const std::string_view part : {"!#$%&'*+-.^_`|~", "0123456789", "abcdefghijklmnopqrstuvwxyz",
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
    for (const char c : part) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_token(std::string_view text) {
  for (const char c : text)
    if (!kTokenBytes[static_cast<unsigned char>(c)]) return false;
  return !text.empty();
}

bool is_value(std::string_view text) {
  bool good = true;
  for (const char c : text) good &= c != '\r' && c != '\n' && c != '\0';
  return good;
}

void append_number(std::string& out, std::uint64_t n) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, n).ptr);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + '"';
}

}  // namespace

bool is_sendable(const http::Response& response) {
  if (response.status < 200 || response.status > 599) return false;
  for (const auto& header : response.headers)
    if (!is_token(header.name) || !is_value(header.value)) return false;
  return true;
}

bool is_host_header(std::string_view name) {
  switch (name.size()) {
    case 4:
      return name == "date";
    case 7:
      return name == "upgrade" || name == "trailer";
    case 10:
      return name == "connection" || name == "keep-alive";
    case 12:
      return name == "x-request-id";
    case 14:
      return name == "content-length";
    case 16:
      return name == "proxy-connection";
    case 17:
      return name == "transfer-encoding";
    default:
      return false;
  }
}

bool has_body(std::uint16_t status) {
  return status != 204 && status != 304 && status != 205;
}

void append_head_start(std::string& out, const http::Response& response, std::uint64_t length) {
  out += "HTTP/1.1 ";
  append_number(out, response.status);
  out.append(" ").append(http::reason_phrase(response.status)).append("\r\n");
  for (const auto& header : response.headers) {
    if (is_host_header(header.name)) continue;
    out.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  if (has_body(response.status)) {
    out += "content-length: ";
    append_number(out, length);
    out += "\r\n";
  }
}

void append_head_end(std::string& out, const HeadParts& parts) {
  out.append("x-request-id: ").append(parts.id);
  out.append("\r\ndate: ").append(parts.date);
  out += parts.close ? "\r\nconnection: close\r\n\r\n" : "\r\n\r\n";
}

http::Response error_response(const Error& error) {
  const auto& code = info(error.code);
  const auto text = quoted(error.message());
  auto response =
      http::json_response(code.status, R"({"error":)" + text + R"(,"message":)" + text + "}");
  response.set("kontor-error-code", std::string(code.name));
  response.set("cache-control", "no-store");
  response.set("x-content-type-options", "nosniff");
  if (code.retry == Retry::later) response.set("retry-after", "5");
  return response;
}

}  // namespace kontor::net
