#pragma once
// A folder for what nobody needs afterwards, below TMPDIR.
#include "apps/cli/progy/desk.h"

#include <string>

namespace kontor::cli::progy {

class ScratchFolder {
 public:
  explicit ScratchFolder(const Desk& desk);
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();

  const std::string& path() const { return path_; }  // empty where none could be made

 private:
  std::string path_;
};

}  // namespace kontor::cli::progy
