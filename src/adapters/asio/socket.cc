// recv, sendmsg, sendfile and OpenSSL on the native descriptor.
#include "adapters/asio/socket.h"

#include "adapters/asio/tls_bio.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

namespace kontor::net {
namespace {

template <class Call>
ssize_t uninterrupted(Call call) {
  for (;;) {
    const ssize_t n = call();
    if (n >= 0 || errno != EINTR) return n;
  }
}

}  // namespace

void Socket::TlsFree::operator()(ssl_st* tls) const {
  SSL_free(tls);
}

Socket::Socket(OwnedFd fd, ssl_st* tls) : fd_(std::move(fd)), tls_(tls) {}

Socket::~Socket() {
  if (!tls_ || raw_ || broken_ || !SSL_is_init_finished(tls_.get())) return;
  ERR_clear_error();
  SSL_shutdown(tls_.get());  // best effort: close_notify
}

void Socket::note_events(std::uint32_t events) {
  if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
    readable_ = true;
    if (tls_) note_readable(SSL_get_rbio(tls_.get()));
  }
  if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) writable_ = true;
  if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) ended_ = true;
  if (events & (EPOLLHUP | EPOLLERR)) broken_ = true;
}

IoResult Socket::after_tls(int result) {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      readable_ = false;
      return {Io::blocked};
    case SSL_ERROR_WANT_WRITE:
      writable_ = false;
      return {Io::blocked};
    case SSL_ERROR_ZERO_RETURN:
      return {Io::closed};
    default:
      break;
  }
  ERR_clear_error();
  broken_ = true;
  return {Io::failed};
}

Io Socket::handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(tls_.get());
  if (result == 1) {
    // What came behind the handshake may have been taken from the socket with it.
    readable_ = true;
    return Io::ok;
  }
  const int reason = SSL_get_error(tls_.get(), result);
  if (reason == SSL_ERROR_WANT_READ) readable_ = false;
  if (reason == SSL_ERROR_WANT_WRITE) writable_ = false;
  if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE) return Io::blocked;
  broken_ = true;
  return Io::failed;
}

IoResult Socket::after_error(bool& ready) {
  ready = false;
  if (errno == EAGAIN) return {Io::blocked};
  broken_ = true;
  return {Io::failed};
}

IoResult Socket::read(std::span<char> into) {
  if (tls_ && !raw_) {
    ERR_clear_error();
    std::size_t n = 0;
    const int result = SSL_read_ex(tls_.get(), into.data(), into.size(), &n);
    if (result <= 0) return after_tls(result);
    if (!ended_ && !SSL_has_pending(tls_.get()) && has_drained(SSL_get_rbio(tls_.get())))
      readable_ = false;
    return {Io::ok, n};
  }
  const auto n = uninterrupted([&] { return ::recv(fd_.get(), into.data(), into.size(), 0); });
  if (n > 0) {
    // A short read has emptied the socket; the end, once announced, still has to be read.
    if (static_cast<std::size_t>(n) < into.size() && !ended_) readable_ = false;
    return {Io::ok, static_cast<std::size_t>(n)};
  }
  if (n == 0) return {Io::closed};
  return after_error(readable_);
}

IoResult Socket::write(std::span<const iovec> pieces, More more) {
  if (tls_) {
    ERR_clear_error();
    std::size_t n = 0;
    const int result =
        SSL_write_ex(tls_.get(), pieces.front().iov_base, pieces.front().iov_len, &n);
    return result > 0 ? IoResult{Io::ok, n} : after_tls(result);
  }
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces.data());
  message.msg_iovlen = pieces.size();
  const int flags = MSG_NOSIGNAL | (more == More::yes ? MSG_MORE : 0);
  const auto n = uninterrupted([&] { return ::sendmsg(fd_.get(), &message, flags); });
  if (n >= 0) return {Io::ok, static_cast<std::size_t>(n)};
  return after_error(writable_);
}

IoResult Socket::send_file(int file, std::uint64_t offset, std::size_t size) {
  auto at = static_cast<off_t>(offset);
  const auto n = uninterrupted([&] { return ::sendfile(fd_.get(), file, &at, size); });
  if (n > 0) return {Io::ok, static_cast<std::size_t>(n)};
  if (n == 0) return {Io::closed};
  return after_error(writable_);
}

void Socket::shutdown_write() {
  if (tls_ && !raw_ && !broken_) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
  }
  raw_ = true;
  readable_ = true;
  ::shutdown(fd_.get(), SHUT_WR);
}

}  // namespace kontor::net
