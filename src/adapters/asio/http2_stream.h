#pragma once
// One request of an HTTP/2 connection, from its first header to the last byte of its answer.
#include "adapters/asio/exchange.h"
#include "adapters/asio/http1_parser.h"
#include "adapters/asio/http2_body.h"
#include "adapters/asio/output.h"
#include "adapters/asio/timers.h"

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace kontor::net {

class Http2Connection;
class LoopHost;

class Http2Stream final : public Exchange, public Http2BodyOwner, public TimerEntry {
 public:
  Http2Stream(LoopHost& host, Http2Connection& connection, std::int32_t id);
  ~Http2Stream() override { task.reset(); }  // before the body it may be reading

  std::int32_t stream_id() const { return id_; }
  Http2Connection& connection() { return connection_; }

  // --- request
  void add_header(std::string_view name, std::string_view value, const HeadLimits& limits);
  // Makes the request of the headers added. The error is the answer where it cannot be served.
  Result<void> build(const HeadLimits& limits);
  std::string_view host() const;
  std::optional<std::uint64_t> declared_length() const;

  // --- answer
  // Keeps the answer until the stream is closed; yields its header fields, which point into it.
  std::span<const nghttp2_nv> keep(http::Response response, FilePart file, std::string_view date);
  std::span<const nghttp2_nv> keep(http::Ready ready, FilePart file, std::string_view date);
  bool has_answer_body() const { return body_length_ > 0; }
  // Copies the next bytes of the answer's body; nothing where the file is shorter than promised.
  std::optional<std::size_t> fill(std::span<char> out, bool& ended);
  std::uint64_t sent() const { return head_size_ + body_sent_; }

  Http2Body body{*this};
  bool started = false;   // its handler was called, or it was refused
  bool answered = false;  // its answer was submitted
  bool told = false;      // the observer knows of it
  bool closed = false;    // the protocol has forgotten it; only its handler may still run
  bool queued = false;    // among the connection's runnable streams
  bool remote_ended = false;
  bool sends_body = false;  // the client

 private:
  void body_consumed(std::size_t bytes) override;
  void body_parked() override;
  void body_resumed() override;
  void timed_out(Timeout kind) override;
  void field(std::string_view name, std::string_view value);
  std::span<const nghttp2_nv> make_fields(const http::Response& head, std::uint64_t length,
                                          std::string_view date);

  struct Slice {
    std::uint32_t name, value, end;  // positions in text_
  };
  LoopHost& host_;
  Http2Connection& connection_;
  std::int32_t id_;
  std::string text_;  // names and values of the request's headers
  std::vector<Slice> slices_;
  std::string_view authority_;
  std::string_view path_;
  std::optional<Code> refusal_;

  http::Response response_;
  std::shared_ptr<const http::ReadyHead> ready_head_;  // in place of response_'s head
  FilePart file_;
  std::vector<nghttp2_nv> fields_;
  std::string own_fields_;  // values of fields the server adds
  std::uint64_t body_length_ = 0;
  std::uint64_t body_sent_ = 0;
  std::uint64_t head_size_ = 0;
};

}  // namespace kontor::net
