// A worker that fails once is never asked again.
#include "apps/server/processing/worker_process.h"

#include "apps/server/processing/channel.h"
#include "apps/server/processing/wire.h"
#include "apps/server/processing/worker.h"

#include <array>
#include <chrono>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kontor::processing {
namespace {

constexpr int kLook = 200;  // ms between looks at what a worker has used

// What posix_spawn() is told; freed in any case.
struct SpawnPlan {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;

  explicit SpawnPlan(int socket) {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, socket, kWorkerSocket);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
};

std::unexpected<Error> no_worker(std::string cause) {
  return fail(Code::unavailable, "Archives cannot be inspected at the moment; try again.",
              std::move(cause));
}

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const std::string& program) {
  auto worker = spawn(program);
  if (!worker) return worker;
  if (auto ready = (*worker)->wait_until_ready(); !ready) return fail(ready);
  return worker;
}

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::spawn(const std::string& program) {
  std::array<int, 2> sockets{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0)
    return no_worker("no socket pair for an archive processor");
  fs::Fd ours(sockets[0]), theirs(sockets[1]);
  // dup2() onto itself would keep the flag that closes it.
  if (theirs.get() == kWorkerSocket) theirs = fs::Fd(::fcntl(theirs.get(), F_DUPFD_CLOEXEC, 4));
  const SpawnPlan plan(theirs.get());
  std::array<char*, 3> arguments = {const_cast<char*>("kontor"), const_cast<char*>(kWorkerArgument),
                                    nullptr};
  std::array<char*, 1> environment = {nullptr};  // no secret of the server's goes along
  pid_t pid = -1;
  if (::posix_spawn(&pid, program.c_str(), &plan.files, &plan.attributes, arguments.data(),
                    environment.data()) != 0)
    return no_worker("no process for an archive processor");
  return std::unique_ptr<WorkerProcess>(new WorkerProcess(pid, std::move(ours)));
}

Result<void> WorkerProcess::wait_until_ready() {
  auto greeting = receive_message(socket_.get());
  if (!greeting) return no_worker("an archive processor ended while it started");
  confinement_ = std::move(greeting->message);
  return {};
}

WorkerProcess::~WorkerProcess() {
  ::kill(pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
}

Duration WorkerProcess::cpu_used() const {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return {};
  return {used.tv_sec * 1000 + used.tv_nsec / 1'000'000};
}

// False where the time is over.
bool WorkerProcess::wait_for_answer(const WorkerLimits& limits) const {
  using Clock = std::chrono::steady_clock;
  const auto cpu_before = cpu_used();
  const auto latest = Clock::now() + std::chrono::milliseconds(limits.wait.ms);
  for (;;) {
    pollfd readable{socket_.get(), POLLIN, 0};
    if (::poll(&readable, 1, kLook) > 0) return true;
    const bool overdue = Clock::now() > latest;
    if (overdue || cpu_used().ms - cpu_before.ms > limits.cpu.ms) return false;
  }
}

Result<ArchiveReport> WorkerProcess::inspect(const fs::Fd& archive, const ArchiveRequest& request,
                                             const WorkerLimits& limits) {
  alive_ = false;  // until it has answered
  if (!send_message(socket_.get(), print_request(request), archive.get()))
    return no_worker("an archive processor was gone before it was asked");
  if (!wait_for_answer(limits))
    return fail(Code::invalid_archive,
                "Inspecting the archive takes more time than any honest archive needs.");
  const auto received = receive_message(socket_.get());
  if (!received)
    return fail(Code::invalid_archive,
                "Inspecting the archive takes more memory than any honest archive needs.");
  auto outcome = parse_outcome(received->message, request);
  alive_ = outcome.has_value() || outcome.error().code != Code::internal;
  return outcome;
}

}  // namespace kontor::processing
