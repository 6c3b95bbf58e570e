// Only its owner can look into it.
#include "apps/cli/progy/scratch_folder.h"

#include <cstdlib>
#include <filesystem>

namespace kontor::cli::progy {

ScratchFolder::ScratchFolder(const Desk& desk) {
  auto base = desk.variable("TMPDIR");
  if (base.empty()) base = "/tmp";
  path_ = base + "/progy-XXXXXX";
  if (!::mkdtemp(path_.data())) path_.clear();
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace kontor::cli::progy
