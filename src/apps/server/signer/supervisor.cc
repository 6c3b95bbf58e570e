// Two pipes: the child ends when the one to its standard input closes, however the server ended;
// through its standard output it says once whether it is ready.
#include "apps/server/signer/supervisor.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace kontor::signer {
namespace {

constexpr auto kPause = std::chrono::seconds(1);  // after a start that failed
constexpr auto kGrace = std::chrono::seconds(3);  // to end by itself
constexpr int kReadyTimeout = 30'000;
constexpr std::size_t kMaxLine = 1024;

struct Pipe {
  fs::Fd from, to;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) < 0) return fs::fail_errno(errno, "pipe");
  return Pipe{fs::Fd(ends[0]), fs::Fd(ends[1])};
}

std::vector<std::string> words_of(const Options& options) {
  std::vector<std::string> words = {"kontor",   "signer",       "--keys",   options.keys,
                                    "--socket", options.socket, "--origin", options.origin};
  if (options.shared) words.emplace_back("--shared");
  words.emplace_back("--supervised");
  return words;
}

// A process group of its own, so that an interrupt at a terminal reaches the server alone.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

Result<pid_t> spawn_self(const Options& options, int input, int output) {
  auto words = words_of(options);
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  char* const no_environment[] = {nullptr};
  const Attributes attributes;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  pid_t process = -1;
  const int error = ::posix_spawn(&process, "/proc/self/exe", &actions, attributes.get(),
                                  arguments.data(), no_environment);
  posix_spawn_file_actions_destroy(&actions);
  if (error) return fs::fail_errno(error, "start the signer");
  return process;
}

std::string read_line(const fs::Fd& from) {
  std::string line;
  char c = 0;
  for (;;) {
    pollfd waiting{from.get(), POLLIN, 0};
    if (::poll(&waiting, 1, kReadyTimeout) <= 0 || ::read(from.get(), &c, 1) <= 0 || c == '\n')
      return line;
    if (line.size() < kMaxLine) line += c;
  }
}

}  // namespace

Result<std::unique_ptr<Supervisor>> Supervisor::start(Options options, Log& log) {
  options.supervised = true;
  std::unique_ptr<Supervisor> supervisor(new Supervisor(std::move(options), log));
  if (auto started = supervisor->spawn(); !started) return fail(started);
  supervisor->thread_ = std::thread([self = supervisor.get()] { self->watch(); });
  return supervisor;
}

Supervisor::~Supervisor() {
  if (!thread_.joinable()) return;
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    child_.life = fs::Fd();
    changed_.notify_all();
    if (!changed_.wait_for(lock, kGrace, [this] { return over_; }) && child_.process > 0)
      ::kill(child_.process, SIGKILL);
  }
  thread_.join();
}

Result<void> Supervisor::spawn() {
  auto life = make_pipe(), status = make_pipe();
  if (!life) return fail(life);
  if (!status) return fail(status);
  {
    const std::scoped_lock lock(mutex_);
    const auto process = spawn_self(options_, life->from.get(), status->to.get());
    if (!process) return std::unexpected(process.error());
    child_.process = *process;
    if (!stopping_) child_.life = std::move(life->to);
  }
  status->to = fs::Fd();
  const std::string line = read_line(status->from);
  if (line == "ready") return {};
  ::kill(child_.process, SIGKILL);
  reap();
  return fail(Code::unavailable,
              "The signer could not start. " + (line.empty() ? "It ended at once." : line));
}

// Waits for its end. While it can be killed its number is not given to another process.
int Supervisor::reap() {
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(child_.process), &info, WEXITED | WNOWAIT) < 0 &&
         errno == EINTR) {
  }
  const std::scoped_lock lock(mutex_);
  int status = 0;
  ::waitpid(child_.process, &status, 0);
  child_ = Child();
  return status;
}

void Supervisor::watch() {
  for (bool running = true; running;) {
    const int status = reap();
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_) break;
    }
    log_.write(LogLevel::error, "signer_ended", {{"status", status}});
    running = restart();
  }
  const std::scoped_lock lock(mutex_);
  over_ = true;
  changed_.notify_all();
}

// Until it works, or is not wanted any more.
bool Supervisor::restart() {
  for (;;) {
    const auto started = spawn();
    if (started) {
      log_.write(LogLevel::info, "signer_started", {});
      return true;
    }
    log_.write(LogLevel::error, "signer_not_started", {{"problem", started.error().message()}});
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, kPause, [this] { return stopping_; })) return false;
  }
}

}  // namespace kontor::signer
