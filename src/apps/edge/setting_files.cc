// They are read when they are first needed, once an instance.
#include "apps/edge/setting_files.h"

#include "apps/edge/buckets.h"

namespace kontor::edge {

// The host outlives every task.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Task<Bytes> read_setting_file(Host& host, std::string name) {
  const Bytes answer =
      co_await host.call(Call::object_read, MessageWriter()
                                                .number(static_cast<std::uint32_t>(Bucket::npm))
                                                .bytes("config/" + name)
                                                .large(0)
                                                .large(0)
                                                .take());
  MessageReader message(answer);
  if (!message.number())
    co_return fail(Code::unavailable, "The bucket has no object config/" + name +
                                          ", which a setting of this registry names.");
  co_return message.text();
}

}  // namespace kontor::edge
