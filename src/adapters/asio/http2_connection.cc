// run(): read, serve the streams that have something to do, write; until nothing moves. Handlers
// run between nghttp2's calls, never inside of them, so that they may use the session freely.
#include "adapters/asio/http2_connection.h"

#include "adapters/asio/http2_callbacks.h"
#include "adapters/asio/lingering.h"
#include "adapters/asio/loop_host.h"
#include "adapters/asio/ready_form.h"
#include "adapters/asio/response_head.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>

namespace kontor::net {
namespace {

constexpr int kTurns = 4;  // of reading and writing before others have theirs
constexpr std::size_t kTurnBytes = 256 * 1024;
constexpr std::int64_t kResetWindowMs = 10'000;

ssize_t read_answer(nghttp2_session*, std::int32_t, std::uint8_t* out, std::size_t size,
                    std::uint32_t* flags, nghttp2_data_source* source, void*) {
  bool ended = false;
  auto& stream = *static_cast<Http2Stream*>(source->ptr);
  const auto n = stream.fill({reinterpret_cast<char*>(out), size}, ended);
  if (!n) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  if (ended) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(*n);
}

}  // namespace

void Http2Connection::SessionFree::operator()(nghttp2_session* session) const {
  nghttp2_session_del(session);
}

Http2Connection::Http2Connection(LoopHost& host, Socket socket, const PeerName& peer)
    : Connection(host, std::move(socket), peer) {
  session_.reset(new_http2_session(*this, host.limits()));
  host_.arm(*this, Timeout::header);
}

Http2Connection::~Http2Connection() {
  // Handlers that still run end before the session their bodies report to.
  streams_.clear();
}

void Http2Connection::run() {
  if (running_) return;
  running_ = true;
  int turn = 0;
  do {
    moved_ = false;
    if (!lost_ && !read_input()) lose();
    serve_streams();
    if (!lost_ && !write_output()) lose();
  } while (moved_ && ++turn < kTurns);
  running_ = false;
  if (!lost_ && is_over()) {
    lose();
    if (streams_.empty())
      return host_.replace(*this, std::make_unique<Lingering>(host_, std::move(socket_), peer()));
    socket_.shutdown_write();
  }
  if (lost_ && streams_.empty()) return host_.retire(*this);
  if (moved_ || !runnable_.empty()) host_.schedule(*this);
  arm_timer();
}

// The client is gone. Handlers run to their end all the same, with bodies that fail.
void Http2Connection::lose() {
  lost_ = true;
  host_.disarm(*this);
  std::vector<std::int32_t> ids;
  ids.reserve(streams_.size());
  for (const auto& [id, stream] : streams_) ids.push_back(id);
  for (const auto id : ids)
    if (!find(id)->closed) stream_closed(id, NGHTTP2_CANCEL);
}

// Everything is written, and nghttp2 expects nothing more: after GOAWAY, of either side.
bool Http2Connection::is_over() const {
  return out_.size() == 0 && framed_.empty() && !nghttp2_session_want_write(session_.get()) &&
         !nghttp2_session_want_read(session_.get());
}

// With streams open each has its own timeouts; the connection's is for the socket, or for idling.
void Http2Connection::arm_timer() {
  if (lost_) return;
  if (blocked_) {
    if (moved_ || !timed_) host_.arm(*this, Timeout::write);
  } else if (streams_.empty() && served_) {
    host_.arm(*this, Timeout::idle);
  } else if (!streams_.empty()) {
    host_.disarm(*this);
  }
  timed_ = blocked_;
}

bool Http2Connection::read_input() {
  if (!socket_.readable() || ending_) return true;
  const auto r = socket_.read({host_.read_scratch(), Buffer::kSmall});
  if (r.state == Io::blocked) return true;
  if (r.state != Io::ok) return false;
  moved_ = true;
  const auto n = nghttp2_session_mem_recv(
      session_.get(), reinterpret_cast<const std::uint8_t*>(host_.read_scratch()), r.bytes);
  if (n < 0)
    terminate(n == NGHTTP2_ERR_FLOODED ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_PROTOCOL_ERROR);
  return true;
}

void Http2Connection::serve_streams() {
  for (const auto id : std::exchange(runnable_, {})) {
    moved_ = true;
    serving_ = find(id);
    if (!serving_) continue;
    serving_->queued = false;
    serve(*serving_);
  }
  serving_ = nullptr;
}

bool Http2Connection::write_output() {
  blocked_ = false;
  for (std::size_t sent = 0; sent < kTurnBytes && fill_output();) {
    const iovec bytes{out_.bytes().data(), out_.size()};
    const auto r = socket_.write({&bytes, 1}, More::no);
    if (r.state == Io::blocked) {
      blocked_ = true;
      return true;
    }
    if (r.state != Io::ok) return false;
    out_.drop(r.bytes);
    sent += r.bytes;
    moved_ = true;
  }
  return true;
}

// Collects frames into full records; false where there is nothing to send.
bool Http2Connection::fill_output() {
  if (out_.size() > 0) return true;
  for (;;) {
    if (framed_.empty()) {
      const std::uint8_t* bytes = nullptr;
      const auto n = nghttp2_session_mem_send(session_.get(), &bytes);
      if (n <= 0) break;
      framed_ = {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(n)};
    }
    if (!out_.held()) out_.acquire(host_.buffers(), Buffer::kSmall);
    if (out_.size() == 0) out_.clear();
    const auto room = out_.tail();
    const auto n = std::min(room.size(), framed_.size());
    std::memcpy(room.data(), framed_.data(), n);
    out_.grew(n);
    framed_.remove_prefix(n);
    if (!framed_.empty()) return true;
  }
  if (out_.size() > 0) return true;
  out_.release();
  return false;
}

Http2Stream* Http2Connection::find(std::int32_t id) {
  const auto it = streams_.find(id);
  return it == streams_.end() ? nullptr : it->second.get();
}

void Http2Connection::make_runnable(Http2Stream& stream) {
  if (&stream == serving_ || std::exchange(stream.queued, true)) return;
  runnable_.push_back(stream.stream_id());
  if (!running_) host_.schedule(*this);
}

bool Http2Connection::headers_begin(std::int32_t id) {
  // Cancelled streams whose handlers still run count too.
  if (streams_.size() >= 2ull * host_.limits().streams_per_connection) return false;
  auto stream = std::make_unique<Http2Stream>(host_, *this, id);
  stream->started_us = LoopHost::now_us();
  stream->body.start(host_.limits().body_bytes);
  host_.arm(*stream, Timeout::header);
  streams_[id] = std::move(stream);
  served_ = true;
  return true;
}

void Http2Connection::header(std::int32_t id, std::string_view name, std::string_view value) {
  if (auto* stream = find(id)) stream->add_header(name, value, host_.limits().head);
}

void Http2Connection::headers_end(std::int32_t id) {
  auto* stream = find(id);
  if (!stream) return;
  host_.disarm(*stream);
  stream->sends_body = !stream->remote_ended;
  make_runnable(*stream);
}

void Http2Connection::data(std::int32_t id, ByteView bytes) {
  auto* stream = find(id);
  if (!stream || stream->body.abandoned()) {
    // Room for other streams only: who was answered early gets no further than the window.
    nghttp2_session_consume_connection(session_.get(), bytes.size());
    return;
  }
  stream->body.received(bytes);
  make_runnable(*stream);
}

void Http2Connection::remote_end(std::int32_t id) {
  auto* stream = find(id);
  if (!stream) return;
  stream->remote_ended = true;
  stream->body.end();
  make_runnable(*stream);
}

void Http2Connection::stream_closed(std::int32_t id, std::uint32_t error) {
  auto* stream = find(id);
  if (!stream) return;
  stream->closed = true;
  if (stream->answered && !stream->told) tell(*stream, error == NGHTTP2_NO_ERROR);
  if (!stream->task) return forget(*stream);
  stream->body.fail({Code::bad_request, "The stream was reset.", {}});
  make_runnable(*stream);
}

void Http2Connection::stream_reset() {
  const auto now = LoopHost::now_ms();
  if (now - resets_since_ms_ > kResetWindowMs) {
    resets_since_ms_ = now;
    resets_ = 0;
  }
  if (++resets_ > host_.limits().resets_per_10s) terminate(NGHTTP2_ENHANCE_YOUR_CALM);
}

// The whole answer is out. A client that still sends may stop (RFC 9113 section 8.1), but is told
// so only after a while: some forget the answer when the reset comes on its heels.
void Http2Connection::answer_sent(std::int32_t id) {
  auto* stream = find(id);
  if (!stream || stream->remote_ended) return;
  tell(*stream, /*complete=*/true);
  stream->told = true;
  host_.arm(*stream, Timeout::linger);
}

void Http2Connection::consumed(Http2Stream& stream, std::size_t bytes) {
  if (stream.closed)
    nghttp2_session_consume_connection(session_.get(), bytes);
  else
    nghttp2_session_consume(session_.get(), stream.stream_id(), bytes);
  if (!running_) host_.schedule(*this);
}

void Http2Connection::terminate(std::uint32_t error) {
  if (std::exchange(ending_, true)) return;
  nghttp2_session_terminate_session(session_.get(), error);
}

void Http2Connection::serve(Http2Stream& stream) {
  if (!std::exchange(stream.started, true)) {
    if (const auto good = begin(stream); !good) return answer(stream, error_response(good.error()));
    if (!stream.request.body && answer_ready(stream)) return;
    call_handler(stream);
  }
  if (!stream.task) return;
  if (!stream.task->done()) stream.body.resume_if_ready();
  if (!stream.task->done()) return;
  auto result = stream.task->take();
  stream.task.reset();
  answer(stream, result ? std::move(*result) : error_response(result.error()));
}

Result<void> Http2Connection::begin(Http2Stream& stream) {
  const auto& limits = host_.limits();
  auto good = stream.build(limits.head);
  if (good) good = host_.admit(stream, stream.host(), *this, socket_);
  const auto declared = stream.declared_length();
  if (good && declared.value_or(0) > limits.body_bytes)
    good = std::unexpected(body_too_large(limits.body_bytes));
  if (!good) {
    if (stream.request.id.empty()) host_.name(stream);
    stream.error = info(good.error().code).name;
    return good;
  }
  stream.body.declare(declared);
  if (stream.sends_body) stream.request.body = &stream.body;
  return {};
}

void Http2Connection::call_handler(Http2Stream& stream) {
  stream.task.emplace(host_.handler().handle(stream.request, stream.log));
  stream.task->start(
      [](void* context) {
        auto& s = *static_cast<Http2Stream*>(context);
        s.connection().make_runnable(s);
      },
      &stream);
}

void Http2Connection::answer(Http2Stream& stream, http::Response response) {
  if (!is_sendable(response)) response = error_response({});
  FilePart file;
  if (const auto* blob = std::get_if<http::BlobBody>(&response.body)) {
    auto opened = host_.open_blob(blob->digest);
    if (opened)
      file = {std::move(*opened), blob->offset, blob->length};
    else
      response = error_response(opened.error());
  }
  submit(stream, stream.keep(std::move(response), std::move(file), host_.date()));
}

// Sends what the handler has at hand; false where it has to be called.
bool Http2Connection::answer_ready(Http2Stream& stream) {
  auto ready = host_.handler().ready(stream.request, stream.log);
  if (!ready || !form_of(*ready->head).sendable) return false;
  FilePart file;
  if (const auto* blob = std::get_if<http::BlobBody>(&ready->body)) {
    auto opened = host_.open_blob(blob->digest);
    if (!opened) return false;
    file = {std::move(*opened), blob->offset, blob->length};
  }
  submit(stream, stream.keep(std::move(*ready), std::move(file), host_.date()));
  return true;
}

void Http2Connection::submit(Http2Stream& stream, std::span<const nghttp2_nv> fields) {
  stream.bytes_in = stream.body.total();
  if (stream.closed) {
    tell(stream, /*complete=*/false);
    return forget(stream);
  }
  stream.answered = true;
  stream.body.abandon();
  nghttp2_data_provider body{};
  body.source.ptr = &stream;
  body.read_callback = read_answer;
  host_.arm(stream, Timeout::write);
  const int failed =
      nghttp2_submit_response(session_.get(), stream.stream_id(), fields.data(), fields.size(),
                              stream.has_answer_body() ? &body : nullptr);
  if (failed) terminate(NGHTTP2_INTERNAL_ERROR);
}

void Http2Connection::tell(Http2Stream& stream, bool complete) {
  host_.answered(stream, peer(), {"h2", stream.sent(), complete});
}

void Http2Connection::forget(Http2Stream& stream) {
  stream.body.abandon();
  streams_.erase(stream.stream_id());
}

void Http2Connection::stream_timed_out(Http2Stream& stream, Timeout kind) {
  if (kind == Timeout::header) {
    lose();  // a header block cannot be skipped
  } else if (kind == Timeout::body) {
    stream.body.fail({Code::request_timeout, {}, {}});
    make_runnable(stream);
  } else {
    nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream.stream_id(),
                              kind == Timeout::linger ? NGHTTP2_NO_ERROR : NGHTTP2_CANCEL);
  }
  host_.schedule(*this);
}

void Http2Connection::drain() {
  nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session_.get()), NGHTTP2_NO_ERROR,
                        nullptr, 0);
  host_.schedule(*this);
}

void Http2Connection::timed_out(Timeout kind) {
  if (kind != Timeout::idle || ending_)
    lose();
  else
    terminate(NGHTTP2_NO_ERROR);
  host_.schedule(*this);
}

}  // namespace kontor::net
