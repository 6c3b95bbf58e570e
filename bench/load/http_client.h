#pragma once
// One keep-alive HTTP/1.1 connection that sends a ready request and waits for the whole answer.
// Just enough of a client to load a server with: no redirects, no retries.
#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::load {

class HttpClient {
 public:
  // Connects to 127.0.0.1; ends the program where it cannot.
  explicit HttpClient(int port);
  ~HttpClient();
  HttpClient(HttpClient&& other) noexcept;
  HttpClient(const HttpClient&) = delete;

  int fd() const { return fd_; }
  // `head` and `body` must stay valid until done() is true.
  void send(std::string_view head, std::string_view body);
  // Called whenever the socket may be ready. True once the answer is complete.
  bool advance();

  int status() const { return status_; }  // 0: the connection broke
  std::uint64_t received() const { return received_; }

 private:
  void write_more();
  bool read_more();
  bool parse_head();
  bool fail();
  void connect();

  int port_ = 0;
  int fd_ = -1;
  std::string_view head_, body_;
  std::string in_;  // the head of the answer, later the last bytes of a chunked body
  bool in_body_ = false, chunked_ = false;
  std::uint64_t left_ = 0;
  std::uint64_t received_ = 0;
  int status_ = 0;
};

}  // namespace kontor::load
