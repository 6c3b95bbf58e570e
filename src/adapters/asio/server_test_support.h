#pragma once
// A server with a scripted handler, and a client that speaks bytes: what the tests of this folder
// share.
#include "adapters/asio/server.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace kontor::net {

// Lets a handler wait until the test opens it. Belongs to one loop.
class Gate {
 public:
  struct Wait {
    Gate& gate;
    explicit Wait(Gate& g) : gate(g) {}
    Wait(const Wait&) = delete;
    ~Wait() { std::erase(gate.waiting_, handle); }
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      handle = h;
      gate.waiting_.push_back(h);
      ++gate.entered;
    }
    void await_resume() const {}
    std::coroutine_handle<> handle;
  };
  void open() {
    for (auto handle : std::exchange(waiting_, {})) handle.resume();
  }
  std::atomic<int> entered = 0;

 private:
  std::vector<std::coroutine_handle<>> waiting_;
};

// Answers by path; the list is in the .cc file.
class ScriptedHandler final : public Handler {
 public:
  explicit ScriptedHandler(AsioLoop& loop) : loop_(loop) {}
  Task<http::Response> handle(const http::Request& request, RequestLog& log) override;
  // Of /ready/<size>: the same head and body each time.
  std::optional<http::Ready> ready(const http::Request& request, RequestLog& log) override;

  Gate gate;
  std::atomic<int> calls = 0;
  std::atomic<int> failed_bodies = 0;  // reads that ended with an error
  std::atomic<std::uint64_t> consumed = 0;
  std::string last_error();  // code of the last of them

 private:
  std::mutex mutex_;
  std::string last_error_;  // under mutex_
  std::map<std::uint64_t, http::Ready> ready_;
  Task<http::Response> answer(const http::Request& request);
  Task<http::Response> count(const http::Request& request);
  Task<http::Response> slowly(const http::Request& request);
  AsioLoop& loop_;
};

// Blobs whose digest begins with 1 are the file of test bytes, others are missing.
class TestBlobs final : public BlobOpener {
 public:
  explicit TestBlobs(std::size_t size);
  Result<SharedFd> open(const Sha256& digest) override;

 private:
  SharedFd file_;
};

// Bytes that tell their position, so that a wrong offset shows.
std::string test_bytes(std::size_t size);

class RecordingObserver final : public ServerObserver {
 public:
  struct Record {
    std::string method, target, id, address, family, pattern, principal, protocol, error;
    std::uint16_t status;
    bool complete;
    std::uint64_t bytes_in, bytes_out;
  };
  void answered(const RequestSummary& summary) override;
  // Waits until `count` requests were told; those told so far after ten seconds.
  std::vector<Record> wait_for(std::size_t count);

 private:
  std::mutex mutex_;
  std::condition_variable told_;
  std::vector<Record> records_;
};

struct Reply {
  int status = 0;
  std::string head;  // status line and headers
  std::string body;
  std::string header(std::string_view name) const;  // first of that name, in lower case
};

// A blocking TCP client; every wait is bounded by ten seconds.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer = 0);
  bool send(std::string_view bytes);  // false where the server has closed
  std::string read_some();            // empty at the end or after ten seconds
  // One answer; `head_only` where no body follows whatever content-length says.
  std::optional<Reply> read_reply(bool head_only = false);
  std::string read_all();  // until the server closes
  bool closed_by_server();
  void end_sending();
  void reset();  // closes with RST
  int fd() const { return fd_.get(); }

 private:
  OwnedFd fd_;
  std::string pending_;
};

// Loops, handlers and a server, started; drained and stopped at the end.
class TestServer {
 public:
  explicit TestServer(ServerSettings settings = {}, int loops = 1,
                      std::optional<TlsOptions> tls = std::nullopt);
  ~TestServer();
  std::uint16_t port() const { return server->port(); }
  RawClient client() { return RawClient(port()); }
  // Lets every request that waits at a gate go on. For Server::drain's `hurried`, which is asked
  // once all loops have begun to drain: never in a hurry.
  bool open_gates();
  // Waits until `done` holds, at most ten seconds.
  static bool eventually(const std::function<bool()>& done);

  RecordingObserver observer;
  TestBlobs blobs{5'000'000};
  std::deque<AsioLoop> loops;
  std::deque<ScriptedHandler> handlers;
  std::unique_ptr<Server> server;
};

inline std::string get(std::string_view path, std::string_view headers = {}) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a.test\r\n" + std::string(headers) +
         "\r\n";
}

}  // namespace kontor::net
