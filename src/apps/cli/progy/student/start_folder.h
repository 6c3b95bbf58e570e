#pragma once
// The folder of a new course: it has nothing until it has everything, its git repository included.
// Row PGC-04.
#include "adapters/filesystem/files.h"
#include "apps/cli/progy/student/folder_change.h"

#include <memory>
#include <string>

namespace kontor::cli::progy {

// The course is made in a folder beside the target and gets its name by one rename. The working
// folder cannot be replaced so; there what was made is moved in by a FolderChange, which the next
// `progy init` there finishes if this one is interrupted. What an interrupted one has left is
// removed.
class StartFolder {
 public:
  // conflict where the target has anything in it.
  static Outcome<StartFolder> open(Desk& desk, const std::string& target);
  StartFolder(StartFolder&&) noexcept = default;
  ~StartFolder();

  std::string content() const;  // an empty folder to be filled
  std::string scratch() const;  // a name for whatever is needed meanwhile

  // Makes the repository with its one commit, and the target. Without git there is none, which is
  // said as a warning.
  Outcome<void> finish(const std::string& message);

 private:
  StartFolder(Desk& desk, std::string target) : desk_(&desk), target_(std::move(target)) {}
  Outcome<void> open_beside();
  Outcome<void> open_inside();
  Outcome<void> start_repository(const std::string& message) const;
  Outcome<void> move_inside();

  Desk* desk_;
  std::string target_;
  std::string beside_;                    // empty: inside
  std::unique_ptr<FolderChange> inside_;  // of the working folder
  fs::Fd lock_;
};

}  // namespace kontor::cli::progy
