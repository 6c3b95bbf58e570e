// Documents change at any time: whoever keeps one asks again.
#include "registry/document_answer.h"

#include "base/sha256.h"
#include "http/conditional.h"

namespace kontor {

http::Response document_answer(const http::Request& request, Bytes body, Visibility visibility,
                               const Settings& settings) {
  const std::string etag = "\"" + sha256(body).hex().substr(0, 32) + "\"";
  http::Response response;
  if (http::not_modified(request.header("if-none-match"), {}, etag, {}))
    response.status = 304;
  else
    response = http::json_response(200, std::move(body));
  response.set("etag", etag);
  const bool shared = visibility == Visibility::open && settings.policy.anonymous_read;
  response.set("cache-control", visibility == Visibility::restricted ? "private, no-store"
                                : shared ? "public, max-age=0, must-revalidate"
                                         : "private, no-cache");
  return response;
}

}  // namespace kontor
