// A thread for each connection: a checkpoint waits for the disk, a version's signature must not
// wait for it. Ending needs no care: whatever counts is on disk before it is answered.
#include "apps/server/signer/program.h"

#include "adapters/system/system_entropy.h"
#include "apps/server/signer/packets.h"
#include "apps/server/signer/service.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace kontor::signer {
namespace {

constexpr int kMaxConnections = 256;
constexpr int kLockTries = 250;
constexpr useconds_t kLockPause = 20'000;

void say(const Options& options, const std::string& line) {
  std::FILE* const out = options.supervised ? stdout : stderr;
  std::fprintf(out, "%s\n", line.c_str());
  std::fflush(out);
}

// Waits for a predecessor that is about to end.
Result<fs::Fd> lock_keys(const std::string& folder) {
  fs::Fd lock(::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return fs::fail_errno(errno, "open " + folder + "/lock");
  for (int i = 0; i < kLockTries; ++i) {
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
    ::usleep(kLockPause);
  }
  return fail(Code::unavailable, "Another signer uses the keys in " + folder + "; stop it first.");
}

// A server that is killed takes it along, also where it hangs.
void end_with_server() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) signal(number, SIG_IGN);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

// Nothing of this process ends on a disk or in another one.
void keep_to_itself() {
  ::umask(077);
  ::prctl(PR_SET_DUMPABLE, 0);
  signal(SIGPIPE, SIG_IGN);
}

struct Signer {
  fs::Fd lock;
  std::unique_ptr<signing::KeyRing> keys;
  fs::Fd listener;
};

Result<Signer> open(const Options& options, Entropy& entropy) {
  Signer out;
  if (auto made = fs::make_folder(options.keys); !made) return fail(made);
  auto lock = lock_keys(options.keys);
  if (!lock) return fail(lock);
  out.lock = std::move(*lock);
  auto keys = signing::KeyRing::open(options.keys, options.origin, entropy);
  if (!keys) return fail(keys);
  out.keys = std::move(*keys);
  auto listener = listen_at(options.socket, options.shared ? Sharing::group : Sharing::owner);
  if (!listener) return fail(listener);
  out.listener = std::move(*listener);
  return out;
}

void converse(signing::KeyRing& keys, const fs::Fd& socket) {
  for (;;) {
    const auto request = receive_packet(socket, Duration{});
    if (!request || !*request) return;
    if (!send_packet(socket, answer(keys, **request))) return;
  }
}

void accept_one(signing::KeyRing& keys, const fs::Fd& listener, std::atomic<int>& open) {
  auto socket = accept_from(listener);
  if (!socket || open >= kMaxConnections) return;
  ++open;
  std::thread([&keys, &open, socket = std::move(*socket)] {
    converse(keys, socket);
    --open;
  }).detach();
}

// Until the server that started it has ended.
void serve(const Options& options, Signer& signer) {
  std::atomic<int> open = 0;
  pollfd waiting[] = {{signer.listener.get(), POLLIN, 0},
                      {options.supervised ? STDIN_FILENO : -1, POLLIN, 0}};
  for (;;) {
    if (::poll(waiting, 2, -1) < 0) continue;
    if (waiting[1].revents) std::_Exit(0);  // other threads stand on what is here
    if (waiting[0].revents) accept_one(*signer.keys, signer.listener, open);
  }
}

}  // namespace

int run(const Options& options) {
  keep_to_itself();
  if (options.supervised) end_with_server();
  host::SystemEntropy entropy;
  auto signer = open(options, entropy);
  if (!signer) {
    const Error& error = signer.error();
    say(options, (options.supervised ? "" : "error: ") + std::string(error.message()) +
                     (error.cause.empty() ? "" : " (" + error.cause + ")"));
    return 1;
  }
  say(options, options.supervised ? "ready" : "Signs for servers at " + options.socket);
  serve(options, *signer);
  return 0;
}

}  // namespace kontor::signer
