#pragma once
// What all kinds of connections of a loop have in common: a socket, a place among the loop's
// connections and timers, and one step function that is run when something may have changed.
#include "adapters/asio/reactor.h"
#include "adapters/asio/socket.h"
#include "adapters/asio/timers.h"
#include "domain/cidr.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace kontor::net {

class LoopHost;

// The other end, as accept() told.
struct PeerName {
  IpAddress address;
  std::array<char, 46> text{};
  std::uint8_t text_size = 0;

  std::string_view view() const { return {text.data(), text_size}; }
};

// Owned by its LoopHost. A connection that is over calls LoopHost::retire() and is destroyed after
// the turn.
class Connection : public ReadySource, public TimerEntry {
 public:
  Connection(LoopHost& host, Socket socket, const PeerName& peer);
  ~Connection() override;

  void ready(std::uint32_t events) final;
  // Runs until nothing more can be done now. Also called from LoopHost::schedule().
  virtual void run() = 0;
  // The server drains: end what is idle, finish what is under way.
  virtual void drain() = 0;

  const PeerName& peer() const { return peer_; }

 protected:
  friend class LoopHost;
  LoopHost& host_;
  Socket socket_;

 private:
  PeerName peer_;
  Connection* previous_ = nullptr;  // among the loop's connections
  Connection* next_ = nullptr;
  bool scheduled_ = false;
  bool retired_ = false;
};

}  // namespace kontor::net
