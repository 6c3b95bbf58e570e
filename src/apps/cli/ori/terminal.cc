// Questions go to standard error, so that output stays output.
#include "apps/cli/ori/terminal.h"

#include <iostream>
#include <string>
#include <termios.h>
#include <unistd.h>

namespace kontor::cli::ori {
namespace {

// Keeps a terminal from showing what is typed.
class Unseen {
 public:
  explicit Unseen(bool wanted) : set_(wanted && ::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!set_) return;
    termios now = before_;
    now.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &now);
  }
  ~Unseen() {
    if (set_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
  bool set_;
};

bool read_line(Desk& desk, std::string& line) {
  auto* in = desk.context().in;
  if (!in || !std::getline(*in, line)) return false;
  while (line.ends_with('\r') || line.ends_with(' ')) line.pop_back();
  return true;
}

}  // namespace

Result<std::string> ask_secret(Desk& desk, const std::string& question) {
  const bool terminal = desk.context().in == &std::cin && ::isatty(STDIN_FILENO) != 0;
  std::string line;
  const Unseen unseen(terminal);
  if (terminal) desk.context().err << question << std::flush;
  const bool read = read_line(desk, line);
  if (terminal) desk.context().err << "\n";
  if (!read || line.empty() || line.size() > 4096)
    return fail(Code::bad_request, "Nothing came on standard input; type or pipe it there.");
  return line;
}

Result<bool> confirm(Desk& desk, const std::string& question, bool yes) {
  if (yes) return true;
  std::string line;
  if (!desk.options().json) desk.context().err << question << " [y/N] " << std::flush;
  if (desk.options().json || !read_line(desk, line))
    return fail(Code::conflict, "Nobody answers; say --yes, or name a version exactly.");
  return line == "y" || line == "Y" || line == "yes";
}

}  // namespace kontor::cli::ori
