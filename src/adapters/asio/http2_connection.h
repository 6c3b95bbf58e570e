#pragma once
// HTTP/2 (RFC 9113) on one TLS socket. nghttp2 frames and keeps the protocol's state; requests go
// to the same handler as HTTP/1.1's.
#include "adapters/asio/buffer_pool.h"
#include "adapters/asio/connection.h"
#include "adapters/asio/http2_stream.h"

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

struct nghttp2_session;

namespace kontor::net {

class Http2Connection final : public Connection {
 public:
  Http2Connection(LoopHost& host, Socket socket, const PeerName& peer);
  ~Http2Connection() override;

  void run() override;
  void drain() override;
  void timed_out(Timeout kind) override;

  // --- told by the streams
  void consumed(Http2Stream& stream, std::size_t bytes);
  void stream_timed_out(Http2Stream& stream, Timeout kind);

  // --- told by nghttp2 (http2_callbacks.cc); handlers never run inside these
  bool headers_begin(std::int32_t id);  // false: refuse the stream
  void header(std::int32_t id, std::string_view name, std::string_view value);
  void headers_end(std::int32_t id);
  void data(std::int32_t id, ByteView bytes);
  void remote_end(std::int32_t id);
  void stream_closed(std::int32_t id, std::uint32_t error);
  void stream_reset();  // by the client, or by us for its mistakes
  void answer_sent(std::int32_t id);

 private:
  struct SessionFree {
    void operator()(nghttp2_session*) const;
  };
  bool read_input();  // false where the connection is broken
  void serve_streams();
  bool write_output();  // false where the connection is broken
  void lose();
  bool is_over() const;
  bool fill_output();
  void arm_timer();
  Http2Stream* find(std::int32_t id);
  void make_runnable(Http2Stream& stream);
  void serve(Http2Stream& stream);
  Result<void> begin(Http2Stream& stream);
  void call_handler(Http2Stream& stream);
  void answer(Http2Stream& stream, http::Response response);
  bool answer_ready(Http2Stream& stream);
  void submit(Http2Stream& stream, std::span<const nghttp2_nv> fields);
  void tell(Http2Stream& stream, bool complete);
  void forget(Http2Stream& stream);
  void terminate(std::uint32_t error);

  std::unique_ptr<nghttp2_session, SessionFree> session_;
  std::unordered_map<std::int32_t, std::unique_ptr<Http2Stream>> streams_;
  std::vector<std::int32_t> runnable_;
  Buffer out_;               // framed bytes the socket has not taken yet
  std::string_view framed_;  // what nghttp2 framed and did not fit into out_
  std::int64_t resets_since_ms_ = 0;
  std::uint32_t resets_ = 0;
  bool running_ = false;
  bool moved_ = false;              // this turn of run() achieved something
  bool blocked_ = false;            // the socket takes no bytes
  bool ending_ = false;             // over as soon as everything is written
  bool lost_ = false;               // the socket is dead; only handlers still run
  bool timed_ = false;              // the write timeout runs
  bool served_ = false;             // had a request
  Http2Stream* serving_ = nullptr;  // the stream serve() is at
};

}  // namespace kontor::net
