// SSL_do_handshake until it is done, refused or too slow.
#include "adapters/asio/tls_handshake.h"

#include "adapters/asio/http1_connection.h"
#include "adapters/asio/http2_connection.h"
#include "adapters/asio/loop_host.h"
#include "adapters/asio/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <sys/socket.h>

namespace kontor::net {
namespace {

constexpr std::string_view kPlainHint =
    "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: 31\r\n"
    "connection: close\r\n\r\nThis port speaks HTTPS (TLS).\r\n";

}  // namespace

TlsHandshake::TlsHandshake(LoopHost& host, Socket socket, const PeerName& peer)
    : Connection(host, std::move(socket), peer) {
  host_.arm(*this, Timeout::handshake);
}

void TlsHandshake::run() {
  switch (socket_.handshake()) {
    case Io::blocked:
      return;
    case Io::ok:
      break;
    default:
      return fail();
  }
  std::unique_ptr<Connection> next;
  if (chose_http2(socket_.tls()))
    next = std::make_unique<Http2Connection>(host_, std::move(socket_), peer());
  else
    next = std::make_unique<Http1Connection>(host_, std::move(socket_), peer());
  host_.replace(*this, std::move(next));
}

void TlsHandshake::fail() {
  if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST)
    ::send(socket_.fd(), kPlainHint.data(), kPlainHint.size(), MSG_NOSIGNAL);
  host_.handshake_failed(peer(), take_tls_error());
  host_.retire(*this);
}

void TlsHandshake::timed_out(Timeout) {
  host_.handshake_failed(peer(), "timeout");
  host_.retire(*this);
}

}  // namespace kontor::net
