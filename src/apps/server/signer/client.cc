// A connection carries one request at a time and is kept for the next one; one that fails is
// dropped with all idle ones, which lead to the same dead signer.
#include "apps/server/signer/client.h"

#include "apps/server/signer/messages.h"

#include <chrono>
#include <thread>

namespace kontor::signer {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPause{20};

}  // namespace

Result<Json> Client::ask(const Json& request, Repeat repeat) {
  const Bytes packet = print(request);
  const auto deadline = steady_clock::now() + milliseconds(patience_.ms);
  for (;;) {
    Attempt made = attempt(packet);
    if (made.answer) {
      if (auto outcome = outcome_of(*made.answer); !outcome) return fail(outcome);
      return std::move(made.answer);
    }
    if (made.answer.error().code != Code::unavailable) return std::move(made.answer);
    drop_idle();
    if ((made.was_sent && repeat == Repeat::refused) || steady_clock::now() + kPause > deadline)
      return fail(Code::unavailable, "The registry cannot sign now; try again in a moment.",
                  std::move(made.answer.error().cause));
    std::this_thread::sleep_for(kPause);
  }
}

Client::Attempt Client::attempt(const Bytes& packet) {
  auto socket = connection();
  if (!socket) return {fail(socket)};
  if (auto sent = send_packet(*socket, packet); !sent) return {fail(sent)};
  auto received = receive_packet(*socket, patience_);
  if (!received) return {fail(received), true};
  if (!*received) return {fail(Code::unavailable, {}, "the signer hung up"), true};
  keep(std::move(*socket));
  return {parse(**received), true};
}

Result<fs::Fd> Client::connection() {
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      fs::Fd socket = std::move(idle_.back());
      idle_.pop_back();
      return socket;
    }
  }
  return connect_to(path_);
}

std::optional<Json> Client::Memory::find(const std::string& request) {
  const std::scoped_lock lock(mutex_);
  const auto it = answers_.find(request);
  return it == answers_.end() ? std::nullopt : std::optional(it->second);
}

std::uint64_t Client::Memory::age() {
  const std::scoped_lock lock(mutex_);
  return age_;
}

// An answer from before something was forgotten may be the old one.
void Client::Memory::keep(const std::string& request, const Json& answer, std::uint64_t age) {
  const std::scoped_lock lock(mutex_);
  if (age == age_) answers_[request] = answer;
}

void Client::Memory::forget() {
  const std::scoped_lock lock(mutex_);
  ++age_;
  answers_.clear();
}

void Client::drop_idle() {
  memory_.forget();
  const std::scoped_lock lock(mutex_);
  idle_.clear();
}

void Client::keep(fs::Fd connection) {
  const std::scoped_lock lock(mutex_);
  idle_.push_back(std::move(connection));
}

}  // namespace kontor::signer
