#pragma once
// Failed attempts, counted by the Durable Object of their key, so that all isolates count together.
#include "apps/edge/host.h"
#include "ports/failure_counter.h"

namespace kontor::edge {

class FarFailures final : public FailureCounter {
 public:
  enum class Question : std::uint32_t { blocked = 0, failed = 1, succeeded = 2 };

  explicit FarFailures(Host& host) : host_(host) {}
  Task<std::optional<Duration>> blocked(std::string key, Timestamp now) override {
    const Bytes answer = co_await ask(Question::blocked, std::move(key), now);
    MessageReader message(answer);
    if (!message.number()) co_return std::nullopt;
    co_return Duration{static_cast<std::int64_t>(message.large())};
  }
  Task<> failed(std::string key, Timestamp now) override {
    co_await ask(Question::failed, std::move(key), now);
    co_return {};
  }
  Task<> succeeded(std::string key) override {
    co_await ask(Question::succeeded, std::move(key), Timestamp{});
    co_return {};
  }

 private:
  Task<Bytes> ask(Question question, std::string key, Timestamp now) {
    return host_.call(Call::failures,
                      MessageWriter()
                          .bytes(key)
                          .number(static_cast<std::uint32_t>(question))
                          .large(static_cast<std::uint64_t>(now.ms))
                          .take(),
                      Code::unavailable);
  }
  Host& host_;
};

}  // namespace kontor::edge
