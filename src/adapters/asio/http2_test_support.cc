// Frames by hand (RFC 9113 section 4); header blocks without compression (RFC 7541 section 6.2.2).
#include "adapters/asio/http2_test_support.h"

#include <charconv>

namespace kontor::net {
namespace {

void append_number(std::string& out, std::uint32_t n, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(n >> (8 * i) & 255);
}

void append_text(std::string& out, std::string_view text) {
  std::size_t n = text.size();
  if (n < 127) {
    out += static_cast<char>(n);
  } else {
    out += static_cast<char>(127);
    for (n -= 127; n >= 128; n /= 128) out += static_cast<char>(n % 128 + 128);
    out += static_cast<char>(n);
  }
  out += text;
}

}  // namespace

std::uint32_t H2Frame::number(std::size_t at) const {
  std::uint32_t n = 0;
  for (std::size_t i = at; i < at + 4 && i < payload.size(); ++i)
    n = n << 8 | static_cast<unsigned char>(payload[i]);
  return n;
}

H2Client::H2Client(std::uint16_t port) : tls(port, "h2") {
  nghttp2_hd_inflate_new(&inflater_);
  tls.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  send_frame(NGHTTP2_SETTINGS, 0, 0, "");
}

H2Client::~H2Client() {
  nghttp2_hd_inflate_del(inflater_);
}

std::string H2Client::encode(const HeaderList& headers) {
  std::string out;
  for (const auto& [name, value] : headers) {
    out += '\0';
    append_text(out, name);
    append_text(out, value);
  }
  return out;
}

void H2Client::send_frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                          std::string_view payload) {
  std::string out;
  append_number(out, static_cast<std::uint32_t>(payload.size()), 3);
  append_number(out, type, 1);
  append_number(out, flags, 1);
  append_number(out, stream, 4);
  tls.send(out + std::string(payload));
}

void H2Client::request(std::uint32_t stream, std::string_view method, std::string_view path,
                       const HeaderList& extra, bool ends) {
  HeaderList headers = {{":method", std::string(method)},
                        {":scheme", "https"},
                        {":authority", "a.test"},
                        {":path", std::string(path)}};
  headers.insert(headers.end(), extra.begin(), extra.end());
  const auto flags = NGHTTP2_FLAG_END_HEADERS | (ends ? NGHTTP2_FLAG_END_STREAM : 0);
  send_frame(NGHTTP2_HEADERS, static_cast<std::uint8_t>(flags), stream, encode(headers));
}

void H2Client::data(std::uint32_t stream, std::string_view bytes, bool ends) {
  do {
    const auto piece = bytes.substr(0, 16'384);
    bytes.remove_prefix(piece.size());
    const bool last = ends && bytes.empty();
    send_frame(NGHTTP2_DATA, last ? NGHTTP2_FLAG_END_STREAM : 0, stream, piece);
  } while (!bytes.empty());
}

void H2Client::reset(std::uint32_t stream) {
  std::string error;
  append_number(error, NGHTTP2_CANCEL, 4);
  send_frame(NGHTTP2_RST_STREAM, 0, stream, error);
}

void H2Client::open_window(std::uint32_t stream, std::uint32_t bytes) {
  std::string increment;
  append_number(increment, bytes, 4);
  send_frame(NGHTTP2_WINDOW_UPDATE, 0, stream, increment);
}

std::optional<H2Frame> H2Client::read_frame() {
  const auto head = tls.read_bytes(9);
  if (head.size() < 9) return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(head[i]); };
  H2Frame frame;
  frame.type = byte(3);
  frame.flags = byte(4);
  frame.stream = static_cast<std::uint32_t>(byte(5) << 24 | byte(6) << 16 | byte(7) << 8 | byte(8));
  frame.payload = tls.read_bytes(static_cast<std::size_t>(byte(0) << 16 | byte(1) << 8 | byte(2)));
  take(frame);
  return frame;
}

void H2Client::take(const H2Frame& frame) {
  auto& reply = replies_[frame.stream];
  if (frame.type == NGHTTP2_SETTINGS && !(frame.flags & NGHTTP2_FLAG_ACK))
    send_frame(NGHTTP2_SETTINGS, NGHTTP2_FLAG_ACK, 0, "");
  if (frame.type == NGHTTP2_WINDOW_UPDATE) granted[frame.stream] += frame.number(0);
  if (frame.type == NGHTTP2_RST_STREAM) reply.reset = frame.number(0);
  if (frame.type == NGHTTP2_DATA) {
    reply.body += frame.payload;
    const auto size = static_cast<std::uint32_t>(frame.payload.size());
    if (opens_windows && size > 0) {
      open_window(0, size);
      open_window(frame.stream, size);
    }
  }
  if (frame.type == NGHTTP2_HEADERS) {
    const auto* at = reinterpret_cast<const std::uint8_t*>(frame.payload.data());
    std::size_t left = frame.payload.size();
    for (;;) {
      nghttp2_nv nv;
      int flags = 0;
      const auto n = nghttp2_hd_inflate_hd2(inflater_, &nv, &flags, at, left, 1);
      if (n < 0) break;
      at += n;
      left -= static_cast<std::size_t>(n);
      if (flags & NGHTTP2_HD_INFLATE_EMIT)
        reply.headers[std::string(reinterpret_cast<char*>(nv.name), nv.namelen)] =
            std::string(reinterpret_cast<char*>(nv.value), nv.valuelen);
      if (flags & NGHTTP2_HD_INFLATE_FINAL) break;
    }
    nghttp2_hd_inflate_end_headers(inflater_);
    const auto status = reply.headers[":status"];
    std::from_chars(status.data(), status.data() + status.size(), reply.status);
  }
  const bool content = frame.type == NGHTTP2_HEADERS || frame.type == NGHTTP2_DATA;
  if (content && (frame.flags & NGHTTP2_FLAG_END_STREAM)) reply.complete = true;
}

H2Reply H2Client::finish(std::uint32_t stream) {
  while (!replies_[stream].complete && replies_[stream].reset < 0)
    if (!read_frame()) break;
  return replies_[stream];
}

std::int64_t H2Client::read_goaway() {
  std::int64_t error = -1;
  while (const auto frame = read_frame())
    if (frame->type == NGHTTP2_GOAWAY) error = frame->number(4);
  return error;
}

}  // namespace kontor::net
