// Pieces are views into the buffer they arrived in: the connection's for what came with the head,
// then one of our own that is given back while we wait.
#include "adapters/asio/http1_body.h"

#include "adapters/asio/loop_host.h"

#include <algorithm>

namespace kontor::net {
namespace {

constexpr std::uint64_t kTurnBytes = 512 * 1024;  // then other connections have their turn
constexpr std::uint64_t kSmallRest = 64 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::unexpected<Error> truncated() {
  return kontor::fail(Code::bad_request, "The connection ended before the body was complete.");
}

}  // namespace

// Parks the reading coroutine; forgets it if it is destroyed meanwhile.
struct Http1Body::Wait {
  Http1Body& body;
  explicit Wait(Http1Body& b) : body(b) {}
  Wait(const Wait&) = delete;
  ~Wait() { body.waiting_ = {}; }
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) noexcept { body.park(handle); }
  void await_resume() const noexcept {}
};

void Http1Body::start(Connection& owner, Socket& socket, Buffer& in, const Http1Head& head) {
  owner_ = &owner;
  socket_ = &socket;
  in_ = &in;
  framing_ = head.framing;
  decoder_ = ChunkedDecoder();
  error_.reset();
  left_ = declared_ = head.content_length;
  received_ = turn_ = 0;
  waited_ms_ = 0;
  must_continue_ = head.expects_continue;
  yielded_ = done_ = false;
}

void Http1Body::end() {
  if (own_.size() > 0) *in_ = std::move(own_);
  own_.release();
  if (in_->size() == 0) in_->clear();
}

std::optional<std::uint64_t> Http1Body::declared_length() const {
  return framing_ == BodyFraming::length ? std::optional(declared_) : std::nullopt;
}

Task<ByteView> Http1Body::read() {
  for (;;) {
    auto piece = next_piece();
    if (!piece) co_return kontor::fail(piece);
    if (*piece) co_return **piece;
    Wait wait(*this);
    co_await wait;
  }
}

void Http1Body::park(std::coroutine_handle<> handle) {
  waiting_ = handle;
  own_.release();
  if (yielded_) return host_.schedule(*owner_);
  parked_ms_ = LoopHost::now_ms();
  host_.arm(*owner_, Timeout::body);
}

void Http1Body::resume_if_ready() {
  if (!waiting_ || !(socket_->readable() || yielded_ || error_)) return;
  if (!yielded_) {
    host_.disarm(*owner_);
    waited_ms_ += LoopHost::now_ms() - parked_ms_;
  }
  yielded_ = false;
  turn_ = 0;
  std::exchange(waiting_, {}).resume();
}

void Http1Body::fail(Error error) {
  if (!error_ && !finished()) error_ = std::move(error);
}

Result<void> Http1Body::check_rate() {
  const auto& limits = host_.limits();
  if (waited_ms_ <= limits.body_timeout.ms) return {};
  const auto least = static_cast<std::uint64_t>(waited_ms_) * limits.body_bytes_per_second / 1000;
  if (received_ >= least) return {};
  return kontor::fail(Code::request_timeout, "The body arrives too slowly.");
}

Result<std::optional<ByteView>> Http1Body::next_piece() {
  if (error_) return std::unexpected(*error_);
  if (finished()) return ByteView{};
  Result<std::optional<ByteView>> piece = std::nullopt;
  for (;;) {
    Buffer& from = in_->size() > 0 ? *in_ : own_;
    if (from.size() == 0) {
      auto filled = fill();
      if (!filled) piece = kontor::fail(filled);
      if (!filled || !*filled) break;
    }
    piece = take(from);  // filled, where it was empty: then it is own_
    if (!piece || *piece) break;
  }
  if (!piece) error_ = piece.error();
  return piece;
}

// Takes what `from` has of the body; nothing where that was framing only.
Result<std::optional<ByteView>> Http1Body::take(Buffer& from) {
  ByteView piece;
  if (framing_ == BodyFraming::length) {
    piece = from.view().substr(
        0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, from.size())));
    from.drop(piece.size());
    left_ -= piece.size();
    done_ = left_ == 0;
  } else {
    const auto step = decoder_.decode(from.bytes());
    if (!step) return std::unexpected(step.error());
    piece = from.view().substr(0, step->produced);
    from.drop(step->consumed);
    done_ = step->done;
  }
  received_ += piece.size();
  turn_ += piece.size();
  if (const auto max = host_.limits().body_bytes; received_ > max)
    return std::unexpected(body_too_large(max));
  if (piece.empty() && !done_) return std::nullopt;
  return piece;
}

Result<bool> Http1Body::fill() {
  if (must_continue_)
    if (auto sent = send_continue(); !sent) return kontor::fail(sent);
  if (!socket_->readable()) return false;
  if (turn_ >= kTurnBytes) {
    yielded_ = true;
    return false;
  }
  if (auto fast = check_rate(); !fast) return kontor::fail(fast);
  own_.acquire(host_.buffers(), Buffer::kLarge);
  own_.clear();
  auto room = own_.tail();
  if (framing_ == BodyFraming::length && left_ < room.size())
    room = room.first(static_cast<std::size_t>(left_));
  const auto r = socket_->read(room);
  if (r.state == Io::blocked) return false;
  if (r.state != Io::ok) return truncated();
  own_.grew(r.bytes);
  return true;
}

// The socket has room: everything before this request has been answered and sent.
Result<void> Http1Body::send_continue() {
  must_continue_ = false;
  const iovec bytes{const_cast<char*>(kContinue.data()), kContinue.size()};
  const auto r = socket_->write({&bytes, 1}, More::no);
  if (r.state != Io::ok || r.bytes != kContinue.size()) return truncated();
  return {};
}

bool Http1Body::is_rest_small() const {
  return framing_ == BodyFraming::length && left_ <= kSmallRest && !must_continue_ && !error_;
}

Http1Body::Discard Http1Body::discard() {
  for (;;) {
    const auto piece = next_piece();
    if (!piece) return Discard::failed;
    if (!*piece) return Discard::blocked;
    if (finished()) return Discard::done;
  }
}

}  // namespace kontor::net
