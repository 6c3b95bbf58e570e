// llhttp parses the grammar; the rules of request smuggling are checked again here, because one
// version of a library that forgets one of them must not be enough.
#include "adapters/asio/http1_parser.h"

#include "base/encoding.h"

#include <charconv>
#include <cstring>

extern "C" {
#include <llhttp.h>
}

namespace kontor::net {
namespace {

constexpr std::size_t kRequestLineRest = 32;  // method, version and spaces beside the URI

std::unexpected<Error> malformed(const char* what) {
  return fail(Code::bad_request, what);
}

// What the callbacks of one parse write to.
struct Parse {
  http::Request& request;
  Http1Head& head;
  std::string_view target;
  std::string_view transfer_encoding;
  unsigned hosts = 0;
  unsigned lengths = 0;
  unsigned encodings = 0;
  const char* refusal = nullptr;
};

Parse& parse_of(llhttp_t* parser) {
  return *static_cast<Parse*>(parser->data);
}

int on_url(llhttp_t* parser, const char* at, std::size_t size) {
  parse_of(parser).target = {at, size};
  return 0;
}

int on_field(llhttp_t* parser, const char* at, std::size_t size) {
  parse_of(parser).request.headers.push_back({{at, size}, {}});
  return 0;
}

int on_value(llhttp_t* parser, const char* at, std::size_t size) {
  if (parse_of(parser).request.headers.empty()) return -1;
  while (size > 0 && (at[size - 1] == ' ' || at[size - 1] == '\t')) --size;
  parse_of(parser).request.headers.back().value = {at, size};
  return 0;
}

const llhttp_settings_t& parser_settings() {
  static const llhttp_settings_t settings = [] {
    llhttp_settings_t s;
    llhttp_settings_init(&s);
    s.on_url = on_url;
    s.on_header_field = on_field;
    s.on_header_value = on_value;
    return s;
  }();
  return settings;
}

// Whether a comma-separated list of tokens holds `token`, given in lower case.
bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    auto element = list.substr(0, end);
    while (!element.empty() && (element.front() == ' ' || element.front() == '\t'))
      element.remove_prefix(1);
    while (!element.empty() && (element.back() == ' ' || element.back() == '\t'))
      element.remove_suffix(1);
    if (equal_ignoring_case(element, token)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

void read_length(Parse& p, std::string_view value) {
  ++p.lengths;
  const auto [end, error] =
      std::from_chars(value.data(), value.data() + value.size(), p.head.content_length);
  if (value.empty() || error != std::errc{} || end != value.data() + value.size())
    p.refusal = "Content-Length must be a number.";
  else if (p.head.content_length > 0)
    p.head.framing = BodyFraming::length;
}

// The headers that decide about framing and the connection, told apart by their length first.
void interpret(Parse& p, const http::HeaderView& header) {
  const auto is = [&](std::string_view name) { return equal_ignoring_case(header.name, name); };
  switch (header.name.size()) {
    case 4:
      if (is("host")) {
        ++p.hosts;
        p.head.host = header.value;
      }
      break;
    case 6:
      if (is("expect") && equal_ignoring_case(header.value, "100-continue"))
        p.head.expects_continue = true;
      break;
    case 10:
      if (is("connection") && has_token(header.value, "close")) p.head.keep_alive = false;
      break;
    case 14:
      if (is("content-length")) read_length(p, header.value);
      break;
    case 17:
      if (is("transfer-encoding")) {
        ++p.encodings;
        p.transfer_encoding = header.value;
      }
      break;
    default:
      break;
  }
}

// The authority of an absolute target replaces Host.
Result<void> read_target(Parse& p) {
  auto target = p.target;
  if (target.data() != p.request.method_text.data() + p.request.method_text.size() + 1)
    return malformed("The request line has more than one space.");
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const auto end = std::min(target.find_first_of("/?"), target.size());
    p.head.host = target.substr(0, end);
    target.remove_prefix(end);
    if (p.head.host.empty()) return malformed("The request target has no host.");
    if (target.empty()) target = "/";
    break;
  }
  return set_target(target, p.request);
}

// The rules of RFC 9112 section 6.3 and 3.2, strictly.
const char* check_framing(Parse& p) {
  if (p.refusal) return p.refusal;
  if (p.lengths > 1) return "More than one Content-Length.";
  if (p.encodings > 1) return "More than one Transfer-Encoding.";
  if (p.hosts > 1) return "More than one Host.";
  if (p.hosts == 0 && !p.head.http_1_0) return "HTTP/1.1 needs a Host header.";
  if (p.encodings == 0) return nullptr;
  if (p.lengths > 0) return "Content-Length and Transfer-Encoding exclude each other.";
  if (p.head.http_1_0) return "HTTP/1.0 has no Transfer-Encoding.";
  if (!equal_ignoring_case(p.transfer_encoding, "chunked"))
    return "The only Transfer-Encoding understood is chunked.";
  p.head.framing = BodyFraming::chunked;
  return nullptr;
}

bool is_token(std::string_view text) {
  for (unsigned char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && !std::strchr("!#$%&'*+-.^_`|~", c)) return false;
  }
  return !text.empty();
}

std::unexpected<Error> refused_by_grammar(llhttp_errno_t error, std::string_view head) {
  if (error == HPE_INVALID_METHOD && is_token(head.substr(0, head.find(' '))))
    return fail(Code::not_implemented, "This method is not known.");
  return malformed("The request is not valid HTTP/1.1.");
}

}  // namespace

Result<void> HeadScanner::check_line(std::string_view line, const HeadLimits& limits) {
  if (line.empty() || line.back() != '\r') return malformed("A line must end with CR LF.");
  if (std::memchr(line.data(), '\r', line.size() - 1)) return malformed("A bare CR in the head.");
  if (lines_ == 0) {
    if (line.size() > limits.uri_bytes + kRequestLineRest) return fail(Code::uri_too_long);
    return {};
  }
  if (line.front() == ' ' || line.front() == '\t') return malformed("Folded header lines.");
  if (line.front() == ':') return malformed("A header without a name.");
  if (lines_ > limits.header_count && line.size() > 1) return fail(Code::headers_too_large);
  return {};
}

Result<std::size_t> HeadScanner::incomplete(std::string_view bytes,
                                            const HeadLimits& limits) const {
  if (lines_ == 0 && bytes.size() > limits.uri_bytes + kRequestLineRest)
    return fail(Code::uri_too_long);
  if (bytes.size() >= limits.header_bytes) return fail(Code::headers_too_large);
  return std::size_t{0};
}

Result<std::size_t> HeadScanner::scan(std::string_view bytes, const HeadLimits& limits) {
  if (bytes.empty()) return std::size_t{0};
  if (bytes.front() < 'A' || bytes.front() > 'Z') return malformed("This is not HTTP/1.1.");
  while (const void* found = std::memchr(bytes.data() + seen_, '\n', bytes.size() - seen_)) {
    const auto end = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
    const auto line = bytes.substr(line_, end - line_);
    if (auto ok = check_line(line, limits); !ok) return fail(ok);
    line_ = seen_ = end + 1;
    if (line_ > limits.header_bytes) return fail(Code::headers_too_large);
    if (line.size() == 1 && lines_ > 0) return line_;
    ++lines_;
  }
  seen_ = bytes.size();
  return incomplete(bytes, limits);
}

Result<void> parse_head(std::string_view head, http::Request& request, Http1Head& out) {
  out = Http1Head();
  request.headers.clear();
  Parse p{request, out, {}, {}};
  llhttp_t parser;
  llhttp_init(&parser, HTTP_REQUEST, &parser_settings());
  parser.data = &p;
  const auto error = llhttp_execute(&parser, head.data(), head.size());
  if (error != HPE_OK && error != HPE_PAUSED_UPGRADE) return refused_by_grammar(error, head);
  if (parser.http_major != 1 || parser.http_minor > 1) return malformed("Only HTTP/1.1 is spoken.");
  out.http_1_0 = parser.http_minor == 0;
  out.keep_alive = !out.http_1_0;
  request.method_text = head.substr(0, head.find(' '));
  request.method = http::parse_method(request.method_text);
  for (const auto& header : request.headers) interpret(p, header);
  if (out.http_1_0) out.expects_continue = false;
  if (const char* why = check_framing(p)) return malformed(why);
  return read_target(p);
}

Result<void> set_target(std::string_view target, http::Request& request) {
  for (unsigned char c : target)
    if (c <= 0x20 || c >= 0x7f || c == '#')
      return malformed("The request target has forbidden characters.");
  if (target == "*" && request.method == http::Method::options) target = "/";
  if (target.empty() || target.front() != '/')
    return malformed("The request target must be a path.");
  const auto mark = std::min(target.find('?'), target.size());
  request.path = target.substr(0, mark);
  request.query = mark < target.size() ? target.substr(mark + 1) : std::string_view{};
  return {};
}

}  // namespace kontor::net
