#pragma once
// Readiness of many sockets through one epoll set, registered once and edge-triggered: no system
// call per wait. The loop waits for the set itself (asio_loop.cc).
#include "adapters/asio/owned_fd.h"

#include <cstdint>
#include <vector>

namespace kontor::net {

// Edge: everything that can be read or written must be, before the next call comes.
class ReadySource {
 public:
  virtual ~ReadySource() = default;
  virtual void ready(std::uint32_t events) = 0;  // EPOLLIN, EPOLLOUT, EPOLLRDHUP, ...
};

enum class Trigger : std::uint8_t { edge, level };

// Belongs to one loop's thread. A source must stay alive for the rest of the turn in which it was
// removed: events already fetched may still be told to it.
class Reactor {
 public:
  Reactor();
  int fd() const { return epoll_.get(); }

  bool add(int fd, ReadySource& source, Trigger trigger);  // level: readable only
  void change(int fd, ReadySource& source);                // edge; tells what is ready again
  void remove(int fd);
  // Tells the sources what is ready now; false where nothing was.
  bool dispatch();

 private:
  OwnedFd epoll_;
};

}  // namespace kontor::net
