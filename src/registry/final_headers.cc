// What browsers are told.
#include "registry/final_headers.h"

namespace kontor {

bool pages_may_write(const Settings& settings) {
  return settings.accounts.everybody.empty();
}

void add_final_headers(const Settings& settings, const http::Request& request,
                       http::Response& response) {
  response.set("x-content-type-options", "nosniff");
  const bool reads = request.method == http::Method::get || request.method == http::Method::head;
  if (!reads && !pages_may_write(settings)) return;
  response.set("access-control-allow-origin", "*");
  if (request.header("origin").empty()) return;
  response.set("access-control-expose-headers",
               "content-digest, content-range, etag, kontor-error-code, npm-notice, ratelimit, "
               "ratelimit-policy, retry-after, www-authenticate, x-ratelimit-limit, "
               "x-ratelimit-remaining, x-ratelimit-reset, x-request-id");
}

}  // namespace kontor
