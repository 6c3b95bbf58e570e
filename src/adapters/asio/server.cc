// Distributes calls to the loops; what a loop owns is only touched on its thread.
#include "adapters/asio/server.h"

#include "adapters/asio/loop_host.h"

#include <algorithm>

namespace kontor::net {
namespace {

constexpr Duration kGlance{100};  // between two looks whether a drain is to be cut short

}  // namespace

struct Server::Impl {
  struct Part {
    AsioLoop* loop;
    std::unique_ptr<LoopHost> host;
    OwnedFd listener;
  };
  ServerShared shared;
  std::vector<Part> parts;
  std::uint16_t port = 0;
};

Result<std::unique_ptr<Server>> Server::create(ServerOptions options,
                                               std::vector<ServerPart> parts) {
  auto impl = std::make_unique<Impl>();
  const auto settings = std::make_shared<const ServerSettings>(std::move(options.settings));
  std::shared_ptr<TlsContext> tls;
  if (options.tls) {
    auto loaded = TlsContext::load(*options.tls);
    if (!loaded) return fail(loaded);
    tls = std::move(*loaded);
  }
  if (options.listen.port != 0)
    if (auto free = check_free(options.listen); !free) return fail(free);
  for (const auto& part : parts) {
    auto listener = open_listener(options.listen);
    if (!listener) return fail(listener);
    options.listen.port = local_port(listener->get());
    auto host = std::make_unique<LoopHost>(part.loop, part.handler, part.blobs, part.observer,
                                           impl->shared, settings);
    host->use_tls(tls);
    impl->parts.push_back({&part.loop, std::move(host), std::move(*listener)});
  }
  impl->port = options.listen.port;
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  for (auto& part : impl_->parts) part.loop->call([&part] { part.host.reset(); });
}

void Server::start() {
  for (auto& part : impl_->parts)
    part.loop->call([&part] { part.host->listen(std::move(part.listener)); });
}

std::uint16_t Server::port() const {
  return impl_->port;
}

std::uint64_t Server::open_connections() const {
  return impl_->shared.connections.open();
}

void Server::apply(ServerSettings settings) {
  const auto shared = std::make_shared<const ServerSettings>(std::move(settings));
  for (auto& part : impl_->parts) part.loop->call([&] { part.host->apply(shared); });
}

Result<void> Server::reload_tls(const TlsOptions& options) {
  auto loaded = TlsContext::load(options);
  if (!loaded) return fail(loaded);
  for (auto& part : impl_->parts) part.loop->call([&] { part.host->use_tls(*loaded); });
  return {};
}

bool Server::drain(Duration deadline, const std::function<bool()>& hurried) {
  for (auto& part : impl_->parts) part.loop->call([&part] { part.host->drain(); });
  bool finished = impl_->shared.connections.wait_for_none({});
  for (Duration left = deadline; !finished && left.ms > 0 && !hurried(); left.ms -= kGlance.ms)
    finished = impl_->shared.connections.wait_for_none(std::min(left, kGlance));
  for (auto& part : impl_->parts) part.loop->call([&part] { part.host->cut(); });
  return finished;
}

}  // namespace kontor::net
