// bind, listen, accept4.
#include "adapters/asio/listener.h"

#include "adapters/asio/loop_host.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace kontor::net {
namespace {

constexpr int kAcceptTurn = 32;  // connections taken before others have their turn

IpAddress address_of(const sockaddr_storage& name) {
  IpAddress out;
  if (name.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(name);
    std::memcpy(out.bytes.data(), &v6.sin6_addr, 16);
    return out;
  }
  std::array<std::uint8_t, 4> octets{};
  std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in&>(name).sin_addr, 4);
  return IpAddress::v4(octets);
}

std::uint16_t port_of(const sockaddr_storage& name) {
  return ntohs(name.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(name).sin6_port
                                          : reinterpret_cast<const sockaddr_in&>(name).sin_port);
}

sockaddr_storage local_name(int socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&name), &size);
  return name;
}

std::unexpected<Error> cannot_listen(const ListenOptions& options, const char* why) {
  return fail(Code::unavailable, "Cannot listen on " + options.host + " port " +
                                     std::to_string(options.port) + ": " + why);
}

using Names = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Result<Names> look_up(const ListenOptions& options) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(options.host.c_str(), std::to_string(options.port).c_str(), &hints, &found);
  if (error != 0) return cannot_listen(options, ::gai_strerror(error));
  return Names(found, &::freeaddrinfo);
}

void set_option(int socket, int level, int option, int value) {
  ::setsockopt(socket, level, option, &value, sizeof value);
}

Result<OwnedFd> bound_socket(const ListenOptions& options, int reuse_port) {
  auto names = look_up(options);
  if (!names) return fail(names);
  const addrinfo& name = **names;
  OwnedFd socket(::socket(name.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return cannot_listen(options, std::strerror(errno));
  set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  set_option(socket.get(), SOL_SOCKET, SO_REUSEPORT, reuse_port);
  if (name.ai_family == AF_INET6) set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (::bind(socket.get(), name.ai_addr, name.ai_addrlen) != 0)
    return cannot_listen(options, std::strerror(errno));
  return socket;
}

}  // namespace

Result<void> check_free(const ListenOptions& options) {
  auto socket = bound_socket(options, 0);
  return socket ? Result<void>() : fail(socket);
}

Result<OwnedFd> open_listener(const ListenOptions& options) {
  auto socket = bound_socket(options, 1);
  if (!socket) return fail(socket);
  if (::listen(socket->get(), options.backlog) != 0)
    return cannot_listen(options, std::strerror(errno));
  return socket;
}

std::uint16_t local_port(int socket) {
  return port_of(local_name(socket));
}

std::string local_host(int socket) {
  const auto name = local_name(socket);
  const auto address = address_of(name);
  const auto text = address.to_string();
  return (address.is_v4() ? text : "[" + text + "]") + ":" + std::to_string(port_of(name));
}

Listener::Listener(LoopHost& host, Reactor& reactor, OwnedFd socket)
    : host_(host), reactor_(reactor), socket_(std::move(socket)) {
  reactor_.add(socket_.get(), *this, Trigger::level);
}

Listener::~Listener() {
  if (!paused_) reactor_.remove(socket_.get());
}

Listener::Accepted Listener::accept_one() {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  OwnedFd socket(::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&name), &size,
                           SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket) {
    if (errno == ECONNABORTED || errno == EINTR) return Accepted::one;
    const bool queue_empty = errno == EAGAIN;
    return queue_empty ? Accepted::none : Accepted::exhausted;
  }
  PeerName peer{.address = address_of(name)};
  const auto text = peer.address.to_string();
  peer.text_size = static_cast<std::uint8_t>(text.copy(peer.text.data(), peer.text.size()));
  host_.accepted(std::move(socket), peer);
  return Accepted::one;
}

void Listener::ready(std::uint32_t) {
  for (int i = 0; i < kAcceptTurn; ++i) {
    const auto result = accept_one();
    if (result == Accepted::one) continue;
    if (result == Accepted::exhausted && !paused_) {
      reactor_.remove(socket_.get());
      paused_ = true;
    }
    return;
  }
}

void Listener::accept_all() {
  while (accept_one() == Accepted::one) continue;
}

void Listener::retry() {
  if (!paused_) return;
  paused_ = false;
  reactor_.add(socket_.get(), *this, Trigger::level);
}

}  // namespace kontor::net
