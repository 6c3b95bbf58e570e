// A crash in the middle leaves the bytes under a name that nothing serves.
#include "apps/edge/r2_eraser.h"

#include "apps/edge/r2_blobs.h"
#include "base/encoding.h"

namespace kontor::edge {

Task<bool> R2Eraser::move(std::string from, std::string to) {
  const Bytes answer =
      co_await host_.call(Call::object_move, MessageWriter().bytes(from).bytes(to).take());
  co_return MessageReader(answer).number() != 0;
}

Task<bool> R2Eraser::is_named(Sha256 digest) {
  const auto unnamed = co_await audit_.unreferenced({digest});
  co_return unnamed.empty();
}

Task<bool> R2Eraser::erase(Sha256 digest) {
  if (co_await is_named(digest)) co_return false;
  bool erased = false;
  for (const auto& key : blob_keys(digest)) {
    const auto aside = "erasing/" + to_hex(entropy_.bytes(16));
    if (!co_await move(key, aside)) continue;
    const bool named = co_await is_named(digest);
    if (named) co_await move(aside, key);
    co_await host_.call(Call::object_erase, MessageWriter().bytes(aside).take());
    if (named) co_return false;
    erased = true;
  }
  co_return erased;
}

}  // namespace kontor::edge
