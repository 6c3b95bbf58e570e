// Two strings: one is filled by the connection while the handler reads the other.
#include "adapters/asio/http2_body.h"

#include "adapters/asio/limits.h"

#include <algorithm>
#include <utility>

namespace kontor::net {
namespace {

constexpr std::size_t kPiece = 64 * 1024;

}  // namespace

// Parks the reading coroutine; forgets it if it is destroyed meanwhile.
struct Http2Body::Wait {
  Http2Body& body;
  explicit Wait(Http2Body& b) : body(b) {}
  Wait(const Wait&) = delete;
  ~Wait() { body.waiting_ = {}; }
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) noexcept {
    body.waiting_ = handle;
    body.owner_.body_parked();
  }
  void await_resume() const noexcept {}
};

void Http2Body::start(std::uint64_t max) {
  max_ = max;
  ended_ = false;
}

void Http2Body::received(ByteView bytes) {
  total_ += bytes.size();
  if (total_ > max_) fail(body_too_large(max_));
  inbox_.append(bytes);
}

void Http2Body::end() {
  ended_ = true;
}

void Http2Body::fail(Error error) {
  if (!error_) error_ = std::move(error);
}

void Http2Body::abandon() {
  const auto dropped = inbox_.size();
  inbox_ = Bytes();
  current_ = Bytes();
  at_ = 0;
  abandoned_ = true;
  if (dropped > 0) owner_.body_consumed(dropped);
}

void Http2Body::resume_if_ready() {
  if (!waiting_ || !(error_ || ended_ || !inbox_.empty())) return;
  owner_.body_resumed();
  std::exchange(waiting_, {}).resume();
}

Result<std::optional<ByteView>> Http2Body::next_piece() {
  if (error_) return std::unexpected(*error_);
  if (at_ == current_.size()) {
    current_.clear();
    current_.swap(inbox_);
    at_ = 0;
    if (current_.empty()) return ended_ ? std::optional(ByteView()) : std::nullopt;
  }
  const auto piece = ByteView(current_).substr(at_, kPiece);
  at_ += piece.size();
  owner_.body_consumed(piece.size());
  return piece;
}

Task<ByteView> Http2Body::read() {
  for (;;) {
    auto piece = next_piece();
    if (!piece) co_return kontor::fail(piece);
    if (*piece) co_return **piece;
    Wait wait(*this);
    co_await wait;
  }
}

}  // namespace kontor::net
