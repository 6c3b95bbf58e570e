// A broken connection is reported as status 0 and made again.
#include "bench/load/http_client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>

namespace kontor::load {
namespace {

constexpr std::size_t kPiece = 256 * 1024;
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";

std::string_view header(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
    const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (::strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    auto value = line.substr(name.size() + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    return value;
  }
  return {};
}

}  // namespace

HttpClient::HttpClient(int port) : port_(port) {
  connect();
}

HttpClient::HttpClient(HttpClient&& other) noexcept
    : port_(other.port_), fd_(std::exchange(other.fd_, -1)) {}

HttpClient::~HttpClient() {
  if (fd_ >= 0) ::close(fd_);
}

void HttpClient::connect() {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) {
    std::perror("connect");
    std::exit(1);
  }
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
}

void HttpClient::send(std::string_view head, std::string_view body) {
  head_ = head;
  body_ = body;
  in_.clear();
  in_body_ = chunked_ = false;
  left_ = received_ = 0;
  status_ = 0;
  write_more();
}

void HttpClient::write_more() {
  while (!head_.empty() || !body_.empty()) {
    iovec parts[2] = {{const_cast<char*>(head_.data()), head_.size()},
                      {const_cast<char*>(body_.data()), body_.size()}};
    const auto n = ::writev(fd_, parts, 2);
    if (n <= 0) return;  // full, or broken: reading tells
    const auto of_head = std::min(head_.size(), static_cast<std::size_t>(n));
    head_.remove_prefix(of_head);
    body_.remove_prefix(static_cast<std::size_t>(n) - of_head);
  }
}

bool HttpClient::advance() {
  write_more();
  return read_more();
}

bool HttpClient::fail() {
  ::close(fd_);
  connect();
  status_ = 0;
  return true;
}

bool HttpClient::parse_head() {
  const auto end = in_.find(kHeadEnd);
  if (end == in_.npos) return false;
  const auto head = std::string_view(in_).substr(0, end + 2);
  status_ = std::atoi(in_.c_str() + sizeof "HTTP/1.1");
  chunked_ = header(head, "transfer-encoding") == "chunked";
  left_ = std::strtoull(std::string(header(head, "content-length")).c_str(), nullptr, 10);
  if (status_ == 304 || status_ == 204) left_ = 0;
  in_.erase(0, end + kHeadEnd.size());
  in_body_ = true;
  return true;
}

bool HttpClient::read_more() {
  static thread_local std::string buffer(kPiece, '\0');
  for (;;) {
    const auto n = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (n <= 0) return fail();
    received_ += static_cast<std::uint64_t>(n);
    std::string_view piece(buffer.data(), static_cast<std::size_t>(n));
    if (!in_body_) {
      in_ += piece;
      if (!parse_head()) continue;
      piece = in_;
    } else if (chunked_) {
      in_ += piece;
    }
    if (chunked_) {
      if (in_.ends_with(kLastChunk)) return true;
      in_.erase(0, in_.size() - std::min(in_.size(), kLastChunk.size()));
      continue;
    }
    left_ -= std::min<std::uint64_t>(left_, piece.size());
    if (left_ == 0) return true;
  }
}

}  // namespace kontor::load
