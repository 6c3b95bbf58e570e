// epoll(7). RDHUP is asked for so that the end of a stream is seen while bytes are still unread.
#include "adapters/asio/reactor.h"

#include "base/check.h"

#include <array>
#include <sys/epoll.h>

namespace kontor::net {
namespace {

constexpr std::uint32_t kEdge = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

bool control(int epoll, int operation, int fd, std::uint32_t events, ReadySource* source) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = source;
  return ::epoll_ctl(epoll, operation, fd, &event) == 0;
}

}  // namespace

Reactor::Reactor() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  check(static_cast<bool>(epoll_), "no epoll");
}

bool Reactor::add(int fd, ReadySource& source, Trigger trigger) {
  const std::uint32_t events = trigger == Trigger::edge ? kEdge : std::uint32_t{EPOLLIN};
  return control(epoll_.get(), EPOLL_CTL_ADD, fd, events, &source);
}

void Reactor::change(int fd, ReadySource& source) {
  control(epoll_.get(), EPOLL_CTL_MOD, fd, kEdge, &source);
}

void Reactor::remove(int fd) {
  control(epoll_.get(), EPOLL_CTL_DEL, fd, 0, nullptr);
}

bool Reactor::dispatch() {
  std::array<epoll_event, 256> events;
  const int n = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < n; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    static_cast<ReadySource*>(event.data.ptr)->ready(event.events);
  }
  return n > 0;
}

}  // namespace kontor::net
