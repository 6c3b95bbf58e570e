#pragma once
// The HTTP server: N loops with a listener each, all on one port, hosting one handler per loop.
#include "adapters/asio/asio_loop.h"
#include "adapters/asio/handler.h"
#include "adapters/asio/limits.h"
#include "adapters/asio/listener.h"
#include "adapters/asio/server_observer.h"
#include "adapters/asio/tls_context.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kontor::net {

// What one loop contributes. All outlive the server.
struct ServerPart {
  AsioLoop& loop;
  Handler& handler;
  BlobOpener& blobs;
  ServerObserver& observer;
};

struct ServerOptions {
  ListenOptions listen;
  std::optional<TlsOptions> tls;  // nothing: plain HTTP
  ServerSettings settings;
};

// Call its methods from one thread, which is none of the loops'.
class Server {
 public:
  // Binds and listens; connections wait in the kernel until start(). unavailable with a sentence
  // for the operator where the address cannot be had.
  static Result<std::unique_ptr<Server>> create(ServerOptions options,
                                                std::vector<ServerPart> parts);
  ~Server();  // cuts what is still open

  void start();  // serves; the loops may be started before or after
  std::uint16_t port() const;
  std::uint64_t open_connections() const;  // any thread

  // Takes effect for what happens from now on, without dropping connections.
  void apply(ServerSettings settings);

  // Reads certificate and key anew; connections accepted from now on use them. On failure the old
  // ones stay in use.
  Result<void> reload_tls(const TlsOptions& options);

  // Stops listening, ends idle connections, lets requests under way finish, and cuts what is left
  // when `deadline` has passed, or when `hurried`, asked ten times a second, says so. True where
  // nothing had to be cut. The loops must be running.
  bool drain(Duration deadline, const std::function<bool()>& hurried = [] { return false; });

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kontor::net
