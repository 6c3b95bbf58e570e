#pragma once
// A listening socket of one loop. Each loop has its own on the same port (SO_REUSEPORT), so that
// the kernel spreads connections and no lock is shared.
#include "adapters/asio/owned_fd.h"
#include "adapters/asio/reactor.h"
#include "base/error.h"

#include <cstdint>
#include <string>

namespace kontor::net {

class LoopHost;

struct ListenOptions {
  std::string host = "127.0.0.1";  // address or name; "::" serves IPv4 too
  std::uint16_t port = 0;          // 0: any free one
  int backlog = 4096;
};

// Whether nobody listens there yet. Asked before the first listener: with SO_REUSEPORT a second
// server would start and take half of the connections.
Result<void> check_free(const ListenOptions& options);
// Bound and listening. unavailable where the address cannot be had; the detail says which and why.
Result<OwnedFd> open_listener(const ListenOptions& options);
std::uint16_t local_port(int socket);
// "address:port" of our end of a connection, as it would stand in a URL.
std::string local_host(int socket);

class Listener final : public ReadySource {
 public:
  Listener(LoopHost& host, Reactor& reactor, OwnedFd socket);
  ~Listener() override;

  void ready(std::uint32_t events) override;
  void accept_all();  // until the queue is empty
  void retry();       // after descriptors ran out

 private:
  enum class Accepted : std::uint8_t { one, none, exhausted };
  Accepted accept_one();

  LoopHost& host_;
  Reactor& reactor_;
  OwnedFd socket_;
  bool paused_ = false;  // out of descriptors: not registered until retry()
};

}  // namespace kontor::net
