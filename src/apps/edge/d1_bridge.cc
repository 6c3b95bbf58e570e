// The worker sends the batch, and brings back rows or what D1 said.
#include "apps/edge/d1_bridge.h"

#include "apps/edge/d1_messages.h"

namespace kontor::edge {

Task<std::vector<d1::Rows>> D1Bridge::batch(std::vector<d1::Statement> statements) {
  auto answer = co_await whole(host_.call(Call::d1_batch, print_batch(statements)));
  if (!answer) co_return std::unexpected(d1_error(std::move(answer.error().cause)));
  co_return read_rows(*answer);
}

}  // namespace kontor::edge
