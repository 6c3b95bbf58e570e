// git is asked as a student would type it; its own variables are taken out of the environment, for
// they may point at another repository.
#include "apps/cli/progy/student/git.h"

#include <filesystem>

namespace kontor::cli::progy {
namespace {

// The commit is ours to make: neither hooks nor a signing key of the student's stop it.
const std::vector<std::string> kPlain = {"-c", "core.hooksPath=/dev/null", "-c",
                                         "commit.gpgSign=false"};

std::vector<std::string> join(std::vector<std::string> first,
                              const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

Git::Git(const Desk& desk, std::string folder)
    : folder_(std::move(folder)), user_(desk.settings().user) {
  for (const auto& [name, value] : desk.environment()) environment_[name] = value;
  for (const char* name :
       {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
        "GIT_NAMESPACE", "GIT_PREFIX", "GIT_ALTERNATE_OBJECT_DIRECTORIES"})
    environment_.erase(name);
  environment_.erase("PROGY_TOKEN");
  environment_["LC_ALL"] = "C";
  if (!desk.is_terminal()) environment_["GIT_TERMINAL_PROMPT"] = "0";
}

void Git::set_variable(const std::string& name, const std::string& value) {
  environment_[name] = value;
}

Result<ProgramEnd> Git::run(const std::vector<std::string>& arguments) const {
  return run_program(join({"git"}, arguments), folder_, environment_);
}

Result<ProgramEnd> Git::must(const std::vector<std::string>& arguments) const {
  auto end = run(arguments);
  if (!end || end->status == 0) return end;
  auto words = end->output;
  while (words.ends_with('\n')) words.pop_back();
  return fail(Code::bad_request, "git " + arguments.front() + " failed: " + words);
}

std::vector<std::string> Git::identity() const {
  const auto known = [&](const char* key, const char* variable) {
    const auto said = run({"config", key});
    return environment_.contains(variable) || (said && said->status == 0);
  };
  std::vector<std::string> out;
  if (!known("user.name", "GIT_AUTHOR_NAME") || !known("user.email", "GIT_AUTHOR_EMAIL"))
    out = {"-c", "user.name=" + (user_.empty() ? "Progy Student" : user_), "-c",
           "user.email=student@progy.invalid"};
  return out;
}

Result<void> Git::commit_all(const std::string& message) const {
  if (auto added = must({"add", "."}); !added) return fail(added);
  const auto options = join(join(identity(), kPlain), {"commit", "--quiet", "-m", message});
  const auto done = run(options);
  if (!done) return std::unexpected(done.error());
  if (done->status != 0) return fail(Code::bad_request, "git commit failed: " + done->output);
  return {};
}

Result<void> Git::start(const std::string& message) const {
  if (auto made = must({"init", "--quiet"}); !made) return fail(made);
  // Older gits cannot be told the branch's name by init.
  if (auto named = must({"symbolic-ref", "HEAD", "refs/heads/main"}); !named) return fail(named);
  return commit_all(message);
}

Result<bool> Git::is_repository() const {
  std::error_code error;
  return std::filesystem::exists((folder_.empty() ? "." : folder_) + "/.git", error);
}

Result<bool> Git::is_clean() const {
  const auto status = must({"status", "--porcelain", "--untracked-files=no"});
  if (!status) return std::unexpected(status.error());
  return status->output.empty();
}

}  // namespace kontor::cli::progy
