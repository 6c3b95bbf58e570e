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

int wait_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

Result<std::unique_ptr<Supervisor>> Supervisor::start(Options options, Log& log) {
  options.supervised = true;
  std::unique_ptr<Supervisor> supervisor(new Supervisor(std::move(options), log));
  auto child = supervisor->spawn();
  if (!child) return fail(child);
  supervisor->child_ = std::move(*child);
  supervisor->thread_ = std::thread([self = supervisor.get()] { self->watch(); });
  return supervisor;
}

Supervisor::~Supervisor() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    child_.life = fs::Fd();
  }
  stop_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<Supervisor::Child> Supervisor::spawn() const {
  auto life = make_pipe(), status = make_pipe();
  if (!life) return fail(life);
  if (!status) return fail(status);
  const auto process = spawn_self(options_, life->from.get(), status->to.get());
  if (!process) return std::unexpected(process.error());
  status->to = fs::Fd();
  const std::string line = read_line(status->from);
  if (line == "ready") return Child{*process, std::move(life->to)};
  ::kill(*process, SIGKILL);
  wait_for(*process);
  return fail(Code::unavailable,
              "The signer could not start. " + (line.empty() ? "It ended at once." : line));
}

void Supervisor::watch() {
  for (;;) {
    const int status = wait_for(child_.process);
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_) return;
      child_ = Child();
    }
    log_.write(LogLevel::error, "signer_ended", {{"status", status}});
    restart();
    const std::scoped_lock lock(mutex_);
    if (child_.process < 0) return;
  }
}

// Until it works, or is not wanted any more.
void Supervisor::restart() {
  for (;;) {
    auto child = spawn();
    std::unique_lock lock(mutex_);
    if (child) {
      child_ = std::move(*child);
      if (stopping_) child_.life = fs::Fd();
      log_.write(LogLevel::info, "signer_started", {});
      return;
    }
    log_.write(LogLevel::error, "signer_not_started", {{"problem", child.error().message()}});
    if (stop_.wait_for(lock, kPause, [this] { return stopping_; })) return;
  }
}

}  // namespace kontor::signer
