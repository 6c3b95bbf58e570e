// Lockfiles: the first byte chooses the reader; what it accepts is bounded and names packages.
#include "base/check.h"

#include "lockfile/lockfile.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using kontor::check;
  if (size == 0) return 0;
  const auto kind = static_cast<kontor::lockfile::Kind>(data[0] % 6);
  const kontor::ByteView text(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto lockfile = kontor::lockfile::read_lockfile(kind, text);
  if (!lockfile) {
    check(!lockfile.error().message().empty(), "a refusal says nothing");
    return 0;
  }
  check(lockfile->archives.size() + lockfile->others.size() <= size, "more entries than bytes");
  for (const auto& locked : lockfile->archives) {
    check(!locked.name.empty() && !locked.version.empty(), "an archive without name or version");
    check(locked.version.find_first_of(":/") == std::string::npos, "an address for a version");
  }
  return 0;
}
