// nghttp2 checks messages by RFC 9113 section 8 itself; what it finds invalid resets the stream.
#include "adapters/asio/http2_callbacks.h"

#include "adapters/asio/http2_connection.h"
#include "adapters/asio/limits.h"
#include "base/check.h"

#include <nghttp2/nghttp2.h>

#include <array>

namespace kontor::net {
namespace {

constexpr std::uint32_t kStreamWindow = 256 * 1024;
constexpr std::int32_t kConnectionWindow = 1024 * 1024;

Http2Connection& connection_of(void* user) {
  return *static_cast<Http2Connection*>(user);
}

bool is_request(const nghttp2_frame* frame) {
  return frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST;
}

int on_begin_headers(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
  if (!is_request(frame) || connection_of(user).headers_begin(frame->hd.stream_id)) return 0;
  return nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id,
                                   NGHTTP2_REFUSED_STREAM);
}

int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
              std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
              std::uint8_t, void* user) {
  if (is_request(frame))
    connection_of(user).header(frame->hd.stream_id,
                               {reinterpret_cast<const char*>(name), name_size},
                               {reinterpret_cast<const char*>(value), value_size});
  return 0;
}

int on_invalid_header(nghttp2_session*, const nghttp2_frame*, const std::uint8_t*, std::size_t,
                      const std::uint8_t*, std::size_t, std::uint8_t, void*) {
  return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  auto& connection = connection_of(user);
  const auto id = frame->hd.stream_id;
  if (frame->hd.type == NGHTTP2_RST_STREAM) connection.stream_reset();
  if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
  if (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) connection.remote_end(id);
  if (is_request(frame)) connection.headers_end(id);
  return 0;
}

int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
            std::size_t size, void* user) {
  connection_of(user).data(id, {reinterpret_cast<const char*>(bytes), size});
  return 0;
}

int on_close(nghttp2_session*, std::int32_t id, std::uint32_t error, void* user) {
  connection_of(user).stream_closed(id, error);
  return 0;
}

int on_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  auto& connection = connection_of(user);
  if (frame->hd.type == NGHTTP2_RST_STREAM && frame->rst_stream.error_code != NGHTTP2_NO_ERROR)
    connection.stream_reset();
  const bool content = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
  if (content && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM))
    connection.answer_sent(frame->hd.stream_id);
  return 0;
}

using Callbacks =
    std::unique_ptr<nghttp2_session_callbacks, decltype(&nghttp2_session_callbacks_del)>;

Callbacks make_callbacks() {
  nghttp2_session_callbacks* c = nullptr;
  check(nghttp2_session_callbacks_new(&c) == 0, "no memory for nghttp2");
  nghttp2_session_callbacks_set_on_begin_headers_callback(c, on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(c, on_header);
  nghttp2_session_callbacks_set_on_invalid_header_callback(c, on_invalid_header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(c, on_frame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(c, on_data);
  nghttp2_session_callbacks_set_on_stream_close_callback(c, on_close);
  nghttp2_session_callbacks_set_on_frame_send_callback(c, on_sent);
  return {c, &nghttp2_session_callbacks_del};
}

using Options = std::unique_ptr<nghttp2_option, decltype(&nghttp2_option_del)>;

Options make_options() {
  nghttp2_option* o = nullptr;
  check(nghttp2_option_new(&o) == 0, "no memory for nghttp2");
  nghttp2_option_set_no_auto_window_update(o, 1);
  nghttp2_option_set_no_closed_streams(o, 1);
  nghttp2_option_set_max_continuations(o, 8);
  return {o, &nghttp2_option_del};
}

}  // namespace

nghttp2_session* new_http2_session(Http2Connection& connection, const Limits& limits) {
  static const Callbacks callbacks = make_callbacks();
  static const Options options = make_options();
  nghttp2_session* session = nullptr;
  check(nghttp2_session_server_new2(&session, callbacks.get(), &connection, options.get()) == 0,
        "no memory for nghttp2");
  const std::array<nghttp2_settings_entry, 3> settings = {{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.streams_per_connection},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(limits.head.header_bytes)},
  }};
  nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
  return session;
}

}  // namespace kontor::net
