// Heads are synced on the loop's own thread: nothing may come between checking and keeping one.
#include "apps/cli/log/witness_server.h"

#include <chrono>

namespace kontor::cli {
namespace {

constexpr std::string_view kTextType = "text/plain; charset=utf-8";

std::uint64_t now_s() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(since).count());
}

class NoBlobs final : public net::BlobOpener {
 public:
  Result<net::SharedFd> open(const Sha256&) override { return fail(Code::not_found); }
};

class WitnessHandler final : public net::Handler {
 public:
  explicit WitnessHandler(WitnessParts parts)
      : folder_(parts.folder), witness_(parts.policy, parts.folder, parts.key, ed25519_) {}

  // Requests outlive the tasks of their handlers (handler.h).
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
  Task<http::Response> handle(const http::Request& request, net::RequestLog& log) override {
    log.family = "witness";
    if (request.path == "/add-checkpoint") {
      if (request.method != http::Method::post) co_return fail(Code::method_not_allowed);
      const Bytes body = co_await http::read_all(request.body, tlog::kMaxAddCheckpointBytes);
      auto reply = witness_.add_checkpoint(body, now_s());
      auto response = http::text_response(reply.status, std::move(reply.body));
      response.set("content-type", std::string(reply.type));
      co_return response;
    }
    co_return co_await find(request);
  }

 private:
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
  Task<http::Response> find(const http::Request& request) {
    std::string_view path = request.path.substr(1);
    constexpr std::string_view kEnd = "/checkpoint";
    if (!path.ends_with(kEnd) ||
        (request.method != http::Method::get && request.method != http::Method::head))
      co_return fail(Code::not_found);
    path.remove_suffix(kEnd.size());
    auto note = co_await folder_.find(path);
    auto response = http::text_response(200, std::move(note));
    response.set("content-type", std::string(kTextType));
    response.set("cache-control", "no-cache");
    co_return response;
  }

  WitnessFolder& folder_;
  host::SodiumEd25519 ed25519_;
  logclient::Witness witness_;
};

}  // namespace

struct WitnessServer::Impl {
  explicit Impl(WitnessParts parts) : handler(parts) {}
  WitnessHandler handler;
  NoBlobs blobs;
  net::ServerObserver observer;
  net::AsioLoop loop;
  std::unique_ptr<net::Server> server;
};

WitnessServer::WitnessServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

WitnessServer::~WitnessServer() {
  impl_->server.reset();
}

Result<std::unique_ptr<WitnessServer>> WitnessServer::start(WitnessParts parts,
                                                            net::ServerOptions options) {
  auto impl = std::make_unique<Impl>(parts);
  auto server = net::Server::create(
      std::move(options), {{impl->loop, impl->handler, impl->blobs, impl->observer}});
  if (!server) return fail(server);
  impl->server = *std::move(server);
  impl->loop.start();
  impl->server->start();
  return std::unique_ptr<WitnessServer>(new WitnessServer(std::move(impl)));
}

std::uint16_t WitnessServer::port() const {
  return impl_->server->port();
}

void WitnessServer::drain() {
  (void)impl_->server->drain(seconds(10), [] { return false; });
}

}  // namespace kontor::cli
