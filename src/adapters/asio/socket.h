#pragma once
// One connected socket, plain or TLS: non-blocking reads and writes that never wait. Try first,
// wait for the reactor only when told `blocked`.
#include "adapters/asio/owned_fd.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <sys/uio.h>

struct ssl_st;

namespace kontor::net {

enum class Io : std::uint8_t {
  ok,       // some bytes were moved
  blocked,  // none could be; the reactor will tell when
  closed,   // the peer has ended its side
  failed,   // the connection is broken
};

struct IoResult {
  Io state = Io::ok;
  std::size_t bytes = 0;
};

enum class More : std::uint8_t { no, yes };  // whether more bytes follow at once

class Socket {
 public:
  Socket(OwnedFd fd, ssl_st* tls);  // takes both; tls may be null
  Socket(Socket&&) = default;
  ~Socket();

  int fd() const { return fd_.get(); }
  bool is_tls() const { return tls_ != nullptr; }
  ssl_st* tls() const { return tls_.get(); }

  // Told by the reactor.
  void note_events(std::uint32_t events);
  // Whether a read may bring something: bytes, the end, or an error.
  bool readable() const { return readable_; }
  bool writable() const { return writable_; }
  bool broken() const { return broken_; }

  // Goes on with a TLS handshake. After `failed` OpenSSL's error queue says why.
  Io handshake();
  IoResult read(std::span<char> into);
  // At most 1024 pieces. A TLS write takes the first piece only; after `blocked` the same bytes
  // must be offered again (they may lie elsewhere).
  IoResult write(std::span<const iovec> pieces, More more);
  // Plain only: bytes of a file by sendfile(2). `closed` where the file is shorter.
  IoResult send_file(int file, std::uint64_t offset, std::size_t size);
  // Ends our side, the peer may still send. Reads yield raw bytes afterwards.
  void shutdown_write();

 private:
  struct TlsFree {
    void operator()(ssl_st*) const;
  };
  IoResult after_tls(int result);     // what a result <= 0 of an SSL call means
  IoResult after_error(bool& ready);  // what errno means; `ready` ends

  OwnedFd fd_;
  std::unique_ptr<ssl_st, TlsFree> tls_;
  bool readable_ = false;
  bool writable_ = true;
  bool ended_ = false;  // the peer ended its side: reads must go on until they see it
  bool broken_ = false;
  bool raw_ = false;  // TLS is over, only discarding is left
};

}  // namespace kontor::net
