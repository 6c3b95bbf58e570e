// Few threads are enough: each request costs the signer some ten microseconds.
#include "apps/server/signer/signer_host.h"

#include "apps/server/signer/remote_signer.h"

namespace kontor::signer {
namespace {

constexpr std::size_t kThreads = 2;
constexpr std::size_t kQueue = 4096;
constexpr Duration kPatience = seconds(5);

}  // namespace

SignerHost::SignerHost() : workers_(kThreads, kQueue) {}

Result<std::unique_ptr<SignerHost>> SignerHost::open(const SigningConfig& config, Place place,
                                                     Entropy& entropy, Log& log) {
  std::unique_ptr<SignerHost> host(new SignerHost);
  if (config.process == SignerProcess::inside) {
    auto keys = signing::KeyRing::open(place.keys, place.origin, entropy);
    if (!keys) return fail(keys);
    host->keys_ = std::move(*keys);
    return host;
  }
  if (auto started = host->start(config, std::move(place), log); !started) return fail(started);
  return host;
}

Result<void> SignerHost::start(const SigningConfig& config, Place place, Log& log) {
  const std::string socket = config.socket.empty() ? place.socket : config.socket;
  if (config.process == SignerProcess::separate) {
    Options options{.keys = std::move(place.keys), .socket = socket, .origin = place.origin};
    auto supervisor = Supervisor::start(std::move(options), log);
    if (!supervisor) return fail(supervisor);
    supervisor_ = std::move(*supervisor);
  }
  client_ = std::make_unique<Client>(socket, kPatience);
  if (auto answer = client_->ask({{"do", "release_keys"}}, Repeat::harmless); !answer)
    return fail(Code::unavailable,
                "No signer answers at " + socket +
                    "; start `kontor signer` there, or set signing.process to separate.",
                answer.error().cause);
  return {};
}

std::unique_ptr<signing::Signers> SignerHost::signer_on(Loop& loop) {
  if (keys_) return std::make_unique<signing::LocalSigner>(*keys_);
  return std::make_unique<RemoteSigner>(*client_, &loop, &workers_);
}

std::unique_ptr<signing::Signers> SignerHost::blocking_signer() {
  if (keys_) return std::make_unique<signing::LocalSigner>(*keys_);
  return std::make_unique<RemoteSigner>(*client_, nullptr, nullptr);
}

}  // namespace kontor::signer
