// A failure of KV costs a look into the database, and is no failure of the request.
#include "apps/edge/kv_shelf.h"

namespace kontor::edge {
namespace {

constexpr std::size_t kLongest = 24u << 20;  // KV takes 25 MiB

std::string key_of(const std::string& name) {
  return "document/" + name;
}

}  // namespace

Task<SharedBytes> KvShelf::find(std::string name) {
  const auto answer =
      co_await whole(host_.call(Call::record_read, MessageWriter().bytes(key_of(name)).take()));
  if (!answer) co_return nullptr;
  MessageReader message(*answer);
  if (!message.number()) co_return nullptr;
  co_return share(message.text());
}

void KvShelf::put(std::string name, SharedBytes document) {
  if (document->size() > kLongest) return;
  host_.tell(Call::record_write, MessageWriter().bytes(key_of(name)).bytes(*document).take());
}

}  // namespace kontor::edge
