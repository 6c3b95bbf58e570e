#pragma once
// HTTP/1.1 on one socket: requests are answered one after the other, pipelined ones in order.
#include "adapters/asio/buffer_pool.h"
#include "adapters/asio/connection.h"
#include "adapters/asio/exchange.h"
#include "adapters/asio/http1_body.h"
#include "adapters/asio/http1_parser.h"
#include "adapters/asio/output.h"

#include <memory>

namespace kontor::net {

class Http1Exchange final : public Exchange {
 public:
  explicit Http1Exchange(LoopHost& host) : body(host) {}
  ~Http1Exchange() { task.reset(); }  // before the body it may be reading
  void reset() {
    Exchange::reset();
    out.clear();
  }
  Http1Head head;
  Http1Body body;
  Output out;
};

class Http1Connection final : public Connection {
 public:
  Http1Connection(LoopHost& host, Socket socket, const PeerName& peer);

  void run() override;
  void drain() override;
  void timed_out(Timeout kind) override;

 private:
  enum class Phase : std::uint8_t { head, handling, writing, discarding };
  enum class Next : std::uint8_t { step, wait, close };

  Next step();
  Next read_head();
  Next wait_for_head();
  bool skip_blank_lines();
  void make_room();
  Next begin(std::size_t head_size);
  Next refuse(Error error);
  Next handle();
  void answer(http::Response response);
  bool answer_ready();
  bool is_head_only(std::uint16_t status) const;
  void send(std::uint16_t status, http::Body body, FilePart file);
  Next write();
  Next written();
  void tell(bool complete);
  void end_exchange();
  Next discard();
  Next linger();
  Http1Exchange& exchange();

  Buffer in_;
  HeadScanner scanner_;
  std::unique_ptr<Http1Exchange> exchange_;  // from the first byte of a request to its answer
  std::uint64_t write_mark_ = 0;             // bytes sent when the write timeout was armed
  Phase phase_ = Phase::head;
  std::uint8_t blank_lines_ = 0;
  bool running_ = false;
  bool served_ = false;      // had a request
  bool head_timed_ = false;  // the header timeout runs
  bool close_ = false;       // after this answer
  bool refused_ = false;     // what follows on the connection has no meaning
};

}  // namespace kontor::net
