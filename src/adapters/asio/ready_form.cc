// This server is the only host in its process, so whatever form a head has is of this kind.
#include "adapters/asio/ready_form.h"

#include "adapters/asio/response_head.h"

namespace kontor::net {

const ReadyForm& form_of(const http::ReadyHead& head) {
  if (!head.form) {
    auto form = std::make_unique<ReadyForm>();
    form->sendable = is_sendable(head.response);
    append_head_start(form->http1, head.response, head.length);
    head.form = std::move(form);
  }
  return static_cast<const ReadyForm&>(*head.form);
}

}  // namespace kontor::net
