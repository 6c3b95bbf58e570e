// The steps and their order are the worker's (worker/blobs.mjs).
#include "apps/edge/r2_names.h"

#include "apps/edge/r2_blobs.h"

namespace kontor::edge {

Task<> R2Names::give(ObjectName name) {
  MessageWriter message;
  message.bytes(blob_key(name.digest)).bytes(name.key).bytes(name.digest.view());
  message.bytes(name.user).bytes(name.version);
  const Bytes answer = co_await host_.call(Call::object_name, message.take());
  if (!MessageReader(answer).number()) co_return fail(Code::not_found);
  co_return {};
}

Task<> R2Names::take(std::string key) {
  co_await host_.call(Call::object_unname, MessageWriter().bytes(key).take());
  co_return {};
}

}  // namespace kontor::edge
