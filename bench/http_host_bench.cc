// The HTTP server alone: a handler that answers one document of 5 KB (or 304), and one file, with
// nothing behind it. What remains of nginx's rate when the registry stands there is the registry's
// part. Started by http_host_bench.sh; ends on SIGTERM.
#include "adapters/asio/server.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <sys/mman.h>
#include <unistd.h>

namespace {

using kontor::Result;
using kontor::Task;
namespace http = kontor::http;
namespace net = kontor::net;

class Documents final : public net::Handler, public net::BlobOpener {
 public:
  Documents() : file_(std::make_shared<const net::OwnedFd>(::memfd_create("file", 0))) {
    const kontor::Bytes bytes(1 << 20, 'f');
    if (::write(file_->get(), bytes.data(), bytes.size()) < 0) std::abort();
  }
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): handler.h says why
  Task<http::Response> handle(const http::Request& request, net::RequestLog& log) override {
    log.family = "bench";
    http::Response r;
    r.set("content-type", "application/json");
    r.set("etag", "\"5e0e5-1400\"");
    r.set("vary", "accept-encoding");
    r.set("cache-control", "max-age=300");
    if (request.header("if-none-match") == "\"5e0e5-1400\"")
      r.status = 304;
    else if (request.path == "/f30k")
      r.body = http::BlobBody{.length = 30'000};
    else if (request.path == "/f1m")
      r.body = http::BlobBody{.length = 1 << 20};
    else
      r.body = request.path == "/p60k" ? large_ : document_;
    co_return r;
  }
  Result<net::SharedFd> open(const kontor::Sha256&) override { return file_; }

 private:
  kontor::SharedBytes document_ = kontor::share(kontor::Bytes(5000, 'd'));
  kontor::SharedBytes large_ = kontor::share(kontor::Bytes(60'000, 'd'));
  net::SharedFd file_;
};

}  // namespace

// Arguments: port, loops, and for TLS certificate and key file.
int main(int count, char** arguments) {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  net::ServerOptions options;
  options.listen.port = static_cast<std::uint16_t>(count > 1 ? std::atoi(arguments[1]) : 0);
  if (count > 4) options.tls = net::TlsOptions{arguments[3], arguments[4]};
  options.settings.limits.connections_per_address = 10'000;
  std::deque<net::AsioLoop> loops;
  std::deque<Documents> handlers;
  net::ServerObserver observer;
  std::vector<net::ServerPart> parts;
  for (int i = count > 2 ? std::atoi(arguments[2]) : 1; i > 0; --i) {
    auto& handler = handlers.emplace_back();
    parts.push_back({loops.emplace_back(), handler, handler, observer});
  }
  auto server = net::Server::create(std::move(options), std::move(parts));
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().detail.c_str());
    return 1;
  }
  (*server)->start();
  for (auto& loop : loops) loop.start();
  std::printf("%d\n", (*server)->port());
  std::fflush(stdout);
  int signal = 0;
  ::sigwait(&set, &signal);
  server->reset();
  return 0;
}
