#pragma once
// A connection whose last answer is out while the client may still be sending. Closing it at once
// would reset it and could take the answer with it; so only our side ends, and what comes is
// thrown away until the client closes or the linger timeout is over.
#include "adapters/asio/connection.h"

namespace kontor::net {

class Lingering final : public Connection {
 public:
  Lingering(LoopHost& host, Socket socket, const PeerName& peer);

  void run() override;
  void drain() override {}
  void timed_out(Timeout kind) override;
};

}  // namespace kontor::net
