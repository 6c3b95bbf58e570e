#pragma once
// The body of an HTTP/2 request: what has arrived and not been read yet, never more than the
// stream's window, which opens again only as the handler reads.
#include "base/bytes.h"
#include "http/message.h"

#include <coroutine>
#include <cstdint>
#include <optional>

namespace kontor::net {

// What a body asks of its stream.
class Http2BodyOwner {
 public:
  virtual ~Http2BodyOwner() = default;
  virtual void body_consumed(std::size_t bytes) = 0;  // the client may send as much again
  virtual void body_parked() = 0;                     // the handler waits for more
  virtual void body_resumed() = 0;
};

class Http2Body final : public http::BodyReader {
 public:
  explicit Http2Body(Http2BodyOwner& owner) : owner_(owner) {}

  void start(std::uint64_t max);  // of bytes; too_large beyond
  void declare(std::optional<std::uint64_t> length) { declared_ = length; }
  void received(ByteView bytes);
  void end();
  void fail(Error error);  // a parked or later read fails with it
  void resume_if_ready();
  // Drops what nobody will read; what still comes must be dropped by the caller.
  void abandon();
  bool abandoned() const { return abandoned_; }
  std::uint64_t total() const { return total_; }

  Task<ByteView> read() override;
  std::optional<std::uint64_t> declared_length() const override { return declared_; }

 private:
  struct Wait;
  Result<std::optional<ByteView>> next_piece();

  Http2BodyOwner& owner_;
  Bytes inbox_;    // arrived
  Bytes current_;  // being read, from at_ on
  std::size_t at_ = 0;
  std::coroutine_handle<> waiting_;
  std::optional<Error> error_;
  std::optional<std::uint64_t> declared_;
  std::uint64_t max_ = 0;
  std::uint64_t total_ = 0;
  bool ended_ = true;
  bool abandoned_ = false;
};

}  // namespace kontor::net
