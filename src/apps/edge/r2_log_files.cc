// R2 answers a write when it is durable.
#include "apps/edge/r2_log_files.h"

#include "apps/edge/buckets.h"

namespace kontor::edge {
namespace {

constexpr std::uint64_t kWhole = 0;  // as a length

std::string key_of(LogId log, const std::string& path) {
  return "log/" + std::string(to_string(log)) + "/" + path;
}

// What begins a message about one of the log's files.
MessageWriter about(LogId log, std::string_view key) {
  MessageWriter message;
  message.number(static_cast<std::uint32_t>(log == LogId::open ? Bucket::open : Bucket::restricted))
      .bytes(key);
  return message;
}

}  // namespace

Task<std::optional<Bytes>> R2LogFiles::read(LogId log, std::string path) {
  const Bytes answer = co_await host_.call(
      Call::object_read, about(log, key_of(log, path)).large(0).large(kWhole).take());
  MessageReader message(answer);
  if (!message.number()) co_return std::nullopt;
  co_return message.text();
}

Task<> R2LogFiles::create(LogId log, std::vector<LogFile> files) {
  for (const LogFile& file : files) {
    const std::string key = key_of(log, file.path);
    const Bytes answer =
        co_await host_.call(Call::object_create, about(log, key).bytes(file.bytes).take());
    if (MessageReader(answer).number()) continue;
    const auto there = co_await read(log, file.path);
    if (there != file.bytes) co_return fail(Code::conflict, {}, key + " has other bytes");
  }
  co_return {};
}

Task<> R2LogFiles::replace(LogId log, LogFile file) {
  co_await host_.call(Call::object_replace,
                      about(log, key_of(log, file.path)).bytes(file.bytes).take());
  co_return {};
}

Task<> R2LogFiles::drop_partials(LogId log, std::vector<std::string> tiles) {
  for (const std::string& tile : tiles)
    co_await host_.call(Call::object_drop, about(log, key_of(log, tile + ".p/")).take());
  co_return {};
}

}  // namespace kontor::edge
