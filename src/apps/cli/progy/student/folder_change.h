#pragma once
// Changes many files of a student's folder so that a crash at any point leaves what was before, or
// what comes after once the next command has finished it. Row PGC-06.
#include "adapters/filesystem/files.h"
#include "apps/cli/progy/desk.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor::cli::progy {

// New files are staged below .progy/update, on the same file system. commit() writes down what is
// to be done, durably: from there on the change is made, and only renames and removals are left,
// which can be repeated. What the student changed between a crash and its repair is not touched;
// the new content lies beside it as <path>.progy-new.
class FolderChange {
 public:
  // Holds the folder's lock. Clears away what an interrupted change left that had not committed, or
  // finishes one that had: then finished() says what it was.
  static Outcome<FolderChange> open(const std::string& folder);

  const std::optional<std::string>& finished() const { return finished_; }
  const std::vector<std::string>& left_alone() const { return left_alone_; }

  // A place for anything; it is gone after the change.
  std::string scratch() const { return staging_ + "/scratch"; }
  // Where the new content of a path is to be put, below staged(); folders above it are made.
  Outcome<std::string> stage(const std::string& path);
  std::string staged() const { return staging_ + "/files"; }

  // `path` gets what was staged for it, a file or a whole folder.
  void replace(const std::string& path);
  void remove(const std::string& path);
  // `what` is for finished().
  Outcome<void> commit(const std::string& what);

 private:
  struct Step {
    std::string path;
    bool remove = false;
    std::string before;  // sha256 of what is there now; "absent" or "other"
  };
  explicit FolderChange(std::string folder);
  Outcome<void> recover();
  Outcome<void> write_journal(const std::string& what) const;
  Outcome<std::optional<std::string>> read_journal();
  Outcome<void> apply();
  Outcome<void> apply(const Step& step);
  Outcome<void> clear() const;

  std::string folder_, staging_;
  fs::Fd lock_;
  std::vector<Step> steps_;
  std::optional<std::string> finished_;
  std::vector<std::string> left_alone_;
};

}  // namespace kontor::cli::progy
