// The imports of the module, and who waits for what.
#include "apps/edge/host.h"

#define KONTOR_IMPORT(name) __attribute__((import_module("kontor"), import_name(#name)))

extern "C" {
KONTOR_IMPORT(call)
void kontor_host_call(std::uint32_t number, std::uint32_t what, const char* data, std::size_t size);
KONTOR_IMPORT(now) double kontor_host_now();
KONTOR_IMPORT(random) void kontor_host_random(char* data, std::size_t size);
KONTOR_IMPORT(log) void kontor_host_log(const char* data, std::size_t size);
}

namespace kontor::edge {

// Stands in the frame of the coroutine that called; forgotten with it.
class Host::Answered {
 public:
  Answered(Host& host, std::uint32_t number) : host_(host), number_(number) {
    host_.waiting_[number_] = &waiting_;
  }
  ~Answered() { host_.waiting_.erase(number_); }
  Answered(const Answered&) = delete;

  bool await_ready() const noexcept { return waiting_.answer.has_value(); }
  void await_suspend(std::coroutine_handle<> handle) noexcept { waiting_.handle = handle; }
  HostAnswer await_resume() { return std::move(*waiting_.answer); }

 private:
  Host& host_;
  std::uint32_t number_;
  Waiting waiting_;
};

Task<Bytes> Host::call(Call what, Bytes message, Code failure) {
  const auto number = ++latest_;
  Answered answered(*this, number);
  kontor_host_call(number, static_cast<std::uint32_t>(what), message.data(), message.size());
  auto answer = co_await answered;
  if (!answer) co_return fail(failure, {}, std::move(answer.error()));
  co_return std::move(*answer);
}

void Host::tell(Call what, Bytes message) {
  kontor_host_call(0, static_cast<std::uint32_t>(what), message.data(), message.size());
}

void Host::answer(std::uint32_t number, HostAnswer result) {
  const auto it = waiting_.find(number);
  if (it == waiting_.end()) return;
  Waiting& waiting = *it->second;
  waiting.answer.emplace(std::move(result));
  if (waiting.handle) std::exchange(waiting.handle, {}).resume();
}

void Host::run_posted() {
  while (!posted_.empty()) {
    const Work work = std::move(posted_.front());
    posted_.pop_front();
    work();
  }
}

Timestamp HostClock::now() const {
  return {static_cast<std::int64_t>(kontor_host_now())};
}

Bytes HostEntropy::bytes(std::size_t count) {
  Bytes bytes(count, '\0');
  kontor_host_random(bytes.data(), bytes.size());
  return bytes;
}

void write_log(ByteView line) {
  kontor_host_log(line.data(), line.size());
}

}  // namespace kontor::edge
