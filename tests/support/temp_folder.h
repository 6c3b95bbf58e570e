#pragma once
// An empty folder that is removed with all its content when the test ends.
#include <cstdlib>
#include <filesystem>
#include <string>

namespace kontor::test {

class TempFolder {
 public:
  TempFolder() {
    std::string name = std::filesystem::temp_directory_path() / "kontor-test-XXXXXX";
    if (!mkdtemp(name.data())) std::abort();
    path_ = std::move(name);
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace kontor::test
