// ZIP archives: every entry is read within its limits or refused.
#include "adapters/zip/zip_file.h"
#include "base/check.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kontor;
  constexpr kontor::zip::ZipLimits kLimits = {
      .max_entries = 100, .max_entry_bytes = 64 * 1024, .max_total_bytes = 256 * 1024};
  auto archive =
      kontor::zip::ZipFile::open_bytes({reinterpret_cast<const char*>(data), size}, kLimits);
  if (!archive) return 0;
  check(archive->size() <= kLimits.max_entries, "too many entries");
  for (std::uint64_t i = 0; i < archive->size(); ++i) {
    (void)archive->entry(i);
    if (const auto text = archive->read(i))
      check(text->size() <= kLimits.max_entry_bytes, "an entry over its limit");
  }
  return 0;
}
