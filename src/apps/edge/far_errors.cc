// The whole list is asked for, and looked at here.
#include "apps/edge/far_errors.h"

#include "apps/edge/memories.h"

namespace kontor::edge {

void FarErrors::add(std::string_view request_id, const Error& error, Timestamp now) {
  host_.tell(Call::errors, print_failure(request_id, error, now));
}

Task<std::vector<ErrorGroup>> FarErrors::list() {
  const Bytes answer =
      co_await host_.call(Call::errors, print_errors_question(ErrorsQuestion::list));
  co_return read_error_groups(answer);
}

Task<std::optional<ErrorGroup>> FarErrors::find(std::string id) {
  ErrorGroups groups;
  groups.restore(co_await list());
  co_return groups.find(id);
}

Task<> FarErrors::clear() {
  co_await host_.call(Call::errors, print_errors_question(ErrorsQuestion::clear));
  co_return {};
}

}  // namespace kontor::edge
