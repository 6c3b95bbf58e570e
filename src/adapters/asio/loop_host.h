#pragma once
// Everything of a server that belongs to one loop: its connections, pools, timers, settings and
// the handler behind it. Used on the loop's thread only, save where noted.
#include "adapters/asio/address_counter.h"
#include "adapters/asio/asio_loop.h"
#include "adapters/asio/blob_files.h"
#include "adapters/asio/buffer_pool.h"
#include "adapters/asio/connection.h"
#include "adapters/asio/exchange.h"
#include "adapters/asio/hot_bodies.h"
#include "adapters/asio/limits.h"
#include "adapters/asio/request_id.h"
#include "adapters/asio/server_observer.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kontor::net {

class Http1Exchange;
class Listener;
class TlsContext;

// What the loops of one server share.
struct ServerShared {
  AddressCounter connections;
};

class LoopHost {
 public:
  LoopHost(AsioLoop& loop, Handler& handler, BlobOpener& blobs, ServerObserver& observer,
           ServerShared& shared, std::shared_ptr<const ServerSettings> settings);
  ~LoopHost();

  // --- the server's side
  void listen(OwnedFd socket);
  void apply(std::shared_ptr<const ServerSettings> settings);
  void use_tls(std::shared_ptr<TlsContext> context);  // for connections accepted from now on
  void drain();  // accepts what is queued, stops listening, ends idle connections
  void cut();    // ends everything at once

  // --- the connections' side
  void adopt(std::unique_ptr<Connection> connection);  // registers and owns it
  // Ends a connection; it is destroyed after this turn.
  void retire(Connection& connection);
  // The same for a connection whose socket lives on in `successor`.
  void replace(Connection& connection, std::unique_ptr<Connection> successor);
  void schedule(Connection& connection);  // run() soon, from the loop
  void accepted(OwnedFd socket, const PeerName& peer);

  Handler& handler() { return handler_; }
  const Limits& limits() const { return settings_->limits; }
  const http::ProxyRules& proxies() const { return settings_->proxies; }
  BufferPool& buffers() { return buffers_; }
  bool draining() const { return draining_; }
  void arm(TimerEntry& entry, Timeout kind) { timers_.arm(entry, kind, now_ms()); }
  void disarm(TimerEntry& entry) { timers_.disarm(entry); }
  static std::int64_t now_ms();   // monotonic, some milliseconds coarse
  static std::uint64_t now_us();  // monotonic, exact
  std::string_view date();        // http_date() of this second
  std::string& head_scratch() { return head_scratch_; }
  char* record_scratch() { return record_scratch_.get(); }  // Output::kRecord bytes
  char* read_scratch() { return read_scratch_.get(); }      // Buffer::kSmall bytes

  std::unique_ptr<Http1Exchange> take_exchange();
  void give_exchange(std::unique_ptr<Http1Exchange> exchange);

  void name(Exchange& exchange);  // gives it an id
  // Fills id, address, base_url of an exchange whose request has its headers.
  Result<void> admit(Exchange& exchange, std::string_view host, const Connection& connection,
                     const Socket& socket);
  // Opens the file behind a blob body.
  Result<SharedFd> open_blob(const Sha256& digest) { return blobs_.open(digest, now_ms()); }
  HotBodies& hot_bodies() { return hot_bodies_; }
  // Tells the observer.
  struct Sent {
    std::string_view protocol;
    std::uint64_t bytes = 0;
    bool complete = true;
  };
  void answered(const Exchange& exchange, const PeerName& peer, Sent sent);
  void handshake_failed(const PeerName& peer, std::string_view reason);

 private:
  void flush();  // runs what was scheduled, destroys what was retired
  void request_flush();
  void tick();
  void unlink(Connection& connection);
  void refuse(OwnedFd socket, const PeerName& peer);
  template <class Visit>
  void for_each_connection(Visit visit);

  AsioLoop& loop_;
  Handler& handler_;
  BlobFiles blobs_;
  HotBodies hot_bodies_;
  ServerObserver& observer_;
  ServerShared& shared_;
  std::shared_ptr<const ServerSettings> settings_;
  std::shared_ptr<TlsContext> tls_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for ticks and flushes under way

  BufferPool buffers_;
  Timers timers_;
  RequestIds ids_;
  std::string head_scratch_;
  std::unique_ptr<char[]> record_scratch_;
  std::unique_ptr<char[]> read_scratch_;
  std::array<char, 32> date_{};
  std::size_t date_size_ = 0;
  std::int64_t date_second_ = -1;
  std::vector<std::unique_ptr<Http1Exchange>> exchanges_;

  std::unique_ptr<Listener> listener_;
  Connection* connections_ = nullptr;
  std::vector<Connection*> scheduled_;
  std::vector<std::unique_ptr<Connection>> retired_;
  bool flush_requested_ = false;
  bool draining_ = false;
};

}  // namespace kontor::net
