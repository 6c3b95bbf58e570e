// A connection for each call: they are rare, and workers share nothing.
#include "adapters/curl/http_caller.h"

#include "adapters/curl/http_client.h"
#include "ports/run_on.h"

namespace kontor::curl {
namespace {

HttpClientOptions options() {
  return {.ca_file = {}, .timeout = seconds(15), .most_bytes = 1024 * 1024};
}

// What the library says of a failure names hosts and is for the log only.
Result<HttpReply> send_now(HttpCall call) {
  HttpClient client(options());
  auto answer = client.send({.method = std::move(call.method),
                             .url = std::move(call.url),
                             .headers = std::move(call.headers),
                             .body = std::move(call.body)});
  if (!answer) return fail(Code::unavailable, {}, answer.error().detail);
  return HttpReply{answer->status, std::move(answer->body)};
}

}  // namespace

Task<HttpReply> WorkerHttpCaller::send(HttpCall call) {
  return run_on<HttpReply>(
      workers_, home_, [call = std::move(call)]() mutable { return send_now(std::move(call)); });
}

}  // namespace kontor::curl
