// mkdir, then a sync of the parent, then the mark: nobody relies on the mark before both.
#include "adapters/filesystem/durable_folders.h"

namespace kontor::fs {

Result<void> DurableFolders::ensure(std::uint8_t first_byte) {
  if (durable_[first_byte].load(std::memory_order_acquire)) return {};
  const auto made = make_folder(layout_.folder(first_byte));
  if (!made) return fail(made.error().code, {}, made.error().cause);
  if (auto synced = sync_folder(layout_.blobs()); !synced) return synced;
  durable_[first_byte].store(true, std::memory_order_release);
  return {};
}

}  // namespace kontor::fs
