// Registration and events; what they mean is the protocol's business.
#include "adapters/asio/connection.h"

#include "adapters/asio/loop_host.h"

namespace kontor::net {

Connection::Connection(LoopHost& host, Socket socket, const PeerName& peer)
    : host_(host), socket_(std::move(socket)), peer_(peer) {}

Connection::~Connection() = default;

void Connection::ready(std::uint32_t events) {
  if (retired_) return;
  socket_.note_events(events);
  run();
}

}  // namespace kontor::net
