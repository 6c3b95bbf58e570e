// The HTTP/1.1 boundary: bytes of a connection become requests, however they are cut into pieces,
// and nothing a head may not hold ever reaches a handler.
#include "adapters/asio/chunked_decoder.h"
#include "adapters/asio/http1_parser.h"
#include "base/check.h"
#include "http/forwarded.h"

#include "fuzz/pieces.h"

namespace {

using kontor::ByteView;
using kontor::check;
using kontor::net::BodyFraming;
using kontor::net::ChunkedDecoder;
using kontor::net::HeadLimits;
using kontor::net::HeadScanner;
using kontor::net::Http1Head;
using kontor::net::parse_head;

bool inside(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

bool is_clean(std::string_view text) {
  return text.find('\r') == text.npos && text.find('\n') == text.npos &&
         text.find('\0') == text.npos;
}

void check_request(std::string_view bytes, const kontor::http::Request& request,
                   const Http1Head& head) {
  check(request.path.starts_with('/'), "a path without slash");
  check(is_clean(request.path) && is_clean(request.query), "control characters in a target");
  check(request.path == "/" || inside(request.path, bytes), "a path from elsewhere");
  for (const auto& h : request.headers) {
    check(inside(h.name, bytes) && inside(h.value, bytes), "a header from elsewhere");
    check(!h.name.empty() && is_clean(h.name) && is_clean(h.value), "a header that splits");
    check(h.name.find_first_of(" \t:") == h.name.npos, "blanks in a name");
  }
  if (!request.header("content-length").empty() && !request.header("transfer-encoding").empty())
    check(false, "two framings");
  check(head.http_1_0 || !head.host.empty() || request.header("host").empty(), "no host");
  kontor::http::Origin origin;
  const kontor::http::Peer peer{{}, "::", "localhost:1", false};
  const kontor::http::ProxyRules rules{{kontor::Cidr{{}, 0}}, ""};
  const auto resolved = kontor::http::resolve_origin(request, head.host, peer, rules, origin);
  if (resolved) check(is_clean(origin.base_url), "a base URL that splits");
}

// Where the head ends when it arrives in pieces; -1 where it is refused.
long scan_in_pieces(ByteView bytes, std::uint32_t seed, const HeadLimits& limits) {
  HeadScanner scanner;
  std::size_t arrived = 0;
  long end = 0;
  kontor::fuzz::in_pieces(bytes, seed, [&](ByteView piece) {
    arrived += piece.size();
    const auto size = scanner.scan(bytes.substr(0, arrived), limits);
    end = size ? static_cast<long>(*size) : -1;
    return end == 0;
  });
  return end;
}

struct Decoded {
  std::string payload;
  std::size_t consumed = 0;
  bool refused = false, done = false;
  bool operator==(const Decoded&) const = default;
};

Decoded decode(ByteView bytes, std::uint32_t seed) {
  ChunkedDecoder decoder;
  Decoded out;
  kontor::fuzz::in_pieces(bytes, seed, [&](ByteView piece) {
    std::string copy(piece);
    const auto step = decoder.decode(copy);
    if (!step) {
      out = {.refused = true};
      return false;
    }
    check(step->produced <= step->consumed && step->consumed <= piece.size(),
          "more than there was");
    out.payload.append(copy, 0, step->produced);
    out.consumed += step->consumed;
    out.done = step->done;
    return !step->done;
  });
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteView bytes(reinterpret_cast<const char*>(data), size);
  const auto seed = kontor::fuzz::take_seed(bytes);
  const HeadLimits limits{.uri_bytes = 200, .header_bytes = 1000, .header_count = 20};
  for (int requests = 0; requests < 20 && !bytes.empty(); ++requests) {
    const long cut = scan_in_pieces(bytes, seed, limits);
    // In one piece more may be refused at once (a limit passed after the end), never less.
    const long whole = scan_in_pieces(bytes, seed | 1, limits);
    if (cut > 0 && whole > 0) check(cut == whole, "the end of a head depends on its pieces");
    if (cut <= 0) break;
    const auto head_bytes = bytes.substr(0, static_cast<std::size_t>(cut));
    kontor::http::Request request;
    Http1Head head;
    if (!parse_head(head_bytes, request, head)) break;
    check_request(head_bytes, request, head);
    bytes.remove_prefix(head_bytes.size());
    if (head.framing == BodyFraming::length) {
      bytes.remove_prefix(
          static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), head.content_length)));
    } else if (head.framing == BodyFraming::chunked) {
      const auto body = decode(bytes, seed);
      check(body == decode(bytes, seed + 7), "a body depends on its pieces");
      if (!body.done) break;
      bytes.remove_prefix(body.consumed);
    }
  }
  return 0;
}
