// Waiting is a message to oneself by the loop, so whoever is destroyed meanwhile is just not woken.
#include "registry/render_turns.h"

namespace kontor {

RenderTurns::Turn RenderTurns::take() {
  taken_ = loop_ != nullptr;
  return Turn(this);
}

Task<> RenderTurns::wait_for_end() {
  Handoff<void> handoff(*loop_);
  waiting_.push_back(std::move(handoff.sender));
  Result<void> result = co_await handoff.receiver;
  co_return result;
}

Task<> RenderTurns::pass() {
  if (!loop_) co_return {};
  Handoff<void> handoff(*loop_);
  handoff.sender.send({});
  Result<void> result = co_await handoff.receiver;
  co_return result;
}

void RenderTurns::release() {
  taken_ = false;
  for (auto& sender : std::exchange(waiting_, {})) sender.send({});
}

}  // namespace kontor
