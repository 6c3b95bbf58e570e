// shutdown(SHUT_WR), then read and forget.
#include "adapters/asio/lingering.h"

#include "adapters/asio/buffer_pool.h"
#include "adapters/asio/loop_host.h"

namespace kontor::net {
namespace {

constexpr int kReadsPerTurn = 32;

}  // namespace

Lingering::Lingering(LoopHost& host, Socket socket, const PeerName& peer)
    : Connection(host, std::move(socket), peer) {
  socket_.shutdown_write();
  host_.arm(*this, Timeout::linger);
}

void Lingering::run() {
  for (int i = 0; i < kReadsPerTurn; ++i) {
    if (!socket_.readable()) return;
    const auto r = socket_.read({host_.read_scratch(), Buffer::kSmall});
    if (r.state == Io::blocked) return;
    if (r.state != Io::ok) return host_.retire(*this);
  }
  host_.schedule(*this);
}

void Lingering::timed_out(Timeout) {
  host_.retire(*this);
}

}  // namespace kontor::net
