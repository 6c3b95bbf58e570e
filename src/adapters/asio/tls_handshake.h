#pragma once
// A TLS connection until its handshake is done; then the protocol both sides chose takes over.
#include "adapters/asio/connection.h"

namespace kontor::net {

class TlsHandshake final : public Connection {
 public:
  TlsHandshake(LoopHost& host, Socket socket, const PeerName& peer);

  void run() override;
  void drain() override {}  // bounded by the handshake timeout; its request is then the last
  void timed_out(Timeout kind) override;

 private:
  void fail();
};

}  // namespace kontor::net
