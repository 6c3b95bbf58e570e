// One pipe takes both outputs, in the order in which they were written.
#include "apps/cli/progy/student/program.h"

#include "adapters/filesystem/files.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kontor::cli::progy {
namespace {

constexpr std::size_t kMostOutput = 64 * 1024;

class FileActions {
 public:
  FileActions(const std::string& folder, int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
  }
  FileActions(const FileActions&) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::string read_output(int from) {
  std::string output;
  std::array<char, 4096> piece{};
  for (;;) {
    const auto count = ::read(from, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return output;
    output.append(piece.data(), static_cast<std::size_t>(count));
    if (output.size() > kMostOutput) output.erase(0, output.size() - kMostOutput);
  }
}

}  // namespace

Result<ProgramEnd> run_program(const std::vector<std::string>& command, const std::string& folder,
                               const std::map<std::string, std::string, std::less<>>& environment) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return fail(Code::unavailable, "No pipe can be made.");
  const fs::Fd from(pipe[0]);
  fs::Fd to(pipe[1]);
  auto arguments = command;
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const FileActions actions(folder, to.get());
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, command[0].c_str(), actions.get(), nullptr,
                                   pointers(arguments).data(), pointers(variables).data());
  to = fs::Fd();
  if (error == ENOENT || error == EACCES)
    return fail(Code::not_found, command[0] + " is not installed.");
  if (error != 0)
    return fail(Code::unavailable, command[0] + " cannot be run: " + std::strerror(error) + ".");
  ProgramEnd end;
  end.output = read_output(from.get());
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return end;
}

}  // namespace kontor::cli::progy
