#pragma once
// The student's git repository, by the git that is installed.
#include "apps/cli/progy/desk.h"
#include "apps/cli/progy/student/program.h"

#include <string>
#include <vector>

namespace kontor::cli::progy {

class Git {
 public:
  // `folder` need not be there yet for clone().
  Git(const Desk& desk, std::string folder);

  // As it ended; not_found where no git is installed.
  Result<ProgramEnd> run(const std::vector<std::string>& arguments) const;
  // The same, where anything but status 0 is a failure with git's own words.
  Result<ProgramEnd> must(const std::vector<std::string>& arguments) const;

  // A new repository on the branch main whose one commit holds all that is here. A name and address
  // stand in where the student has not told git theirs.
  Result<void> start(const std::string& message) const;
  Result<void> commit_all(const std::string& message) const;
  // Whether the folder is the top of a work tree, and whether all changes of what git tracks are
  // committed.
  Result<bool> is_repository() const;
  Result<bool> is_clean() const;

  void set_variable(const std::string& name, const std::string& value);

 private:
  std::vector<std::string> identity() const;

  std::string folder_;
  std::string user_;
  std::map<std::string, std::string, std::less<>> environment_;
};

}  // namespace kontor::cli::progy
