#pragma once
// The body of an HTTP/1.1 request, pulled from the socket piece by piece as the handler reads: at
// most one buffer is read ahead.
#include "adapters/asio/buffer_pool.h"
#include "adapters/asio/chunked_decoder.h"
#include "adapters/asio/http1_parser.h"
#include "http/message.h"

#include <coroutine>
#include <cstdint>
#include <optional>

namespace kontor::net {

class Connection;
class LoopHost;
class Socket;

class Http1Body final : public http::BodyReader {
 public:
  explicit Http1Body(LoopHost& host) : host_(host) {}

  // Begins the body of a request whose head has been dropped from `in`. All three outlive the
  // exchange; nobody else touches `in` until end().
  void start(Connection& owner, Socket& socket, Buffer& in, const Http1Head& head);
  // Ends the exchange: `in` holds what the client sent beyond the body.
  void end();

  Task<ByteView> read() override;
  std::optional<std::uint64_t> declared_length() const override;

  // Continues a parked read where it can go on.
  void resume_if_ready();
  // Ends the body with an error; a parked read fails with it.
  void fail(Error error);
  bool finished() const { return framing_ == BodyFraming::none || (done_ && !error_); }
  // Whether the rest is so small that reading it is cheaper than a new connection.
  bool is_rest_small() const;
  enum class Discard : std::uint8_t { done, blocked, failed };
  Discard discard();
  std::uint64_t received() const { return received_; }

 private:
  struct Wait;
  // The next piece; nothing where the socket has none yet. Empty at the end.
  Result<std::optional<ByteView>> next_piece();
  Result<std::optional<ByteView>> take(Buffer& from);
  Result<bool> fill();  // reads into own_; false: nothing there yet
  Result<void> send_continue();
  void park(std::coroutine_handle<> handle);
  Result<void> check_rate();

  LoopHost& host_;
  Connection* owner_ = nullptr;
  Socket* socket_ = nullptr;
  Buffer* in_ = nullptr;
  Buffer own_;
  ChunkedDecoder decoder_;
  std::coroutine_handle<> waiting_;
  std::optional<Error> error_;
  std::uint64_t left_ = 0;  // of a body with a length
  std::uint64_t declared_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t turn_ = 0;  // bytes since the loop had its turn
  std::int64_t parked_ms_ = 0;
  std::int64_t waited_ms_ = 0;
  BodyFraming framing_ = BodyFraming::none;
  bool must_continue_ = false;  // the client waits for 100
  bool yielded_ = false;
  bool done_ = false;
};

}  // namespace kontor::net
