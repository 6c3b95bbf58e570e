// The main of a fuzz target that is built without libFuzzer: runs every file of the folders (and
// the files) named on the command line through the target once, so that findings stay fixed.
// A folder that is not there is no error; an unreadable file is.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

bool replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    return false;
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  // Named before it runs: when the target aborts, the last line says on which input.
  std::fprintf(stderr, "%s\n", path.c_str());
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  bool all_read = true;
  LLVMFuzzerTestOneInput(nullptr, 0);
  for (int i = 1; i < count; ++i) {
    if (!std::filesystem::is_directory(arguments[i])) {
      if (std::filesystem::exists(arguments[i])) all_read = replay(arguments[i]) && all_read;
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(arguments[i])) {
      if (entry.is_regular_file()) all_read = replay(entry.path()) && all_read;
    }
  }
  return all_read ? 0 : 1;
}
