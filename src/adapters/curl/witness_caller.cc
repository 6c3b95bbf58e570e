// A connection for each request: checkpoints come seconds apart, and workers share nothing.
#include "adapters/curl/witness_caller.h"

#include "adapters/curl/http_client.h"
#include "ports/run_on.h"

namespace kontor::curl {
namespace {

HttpClientOptions options() {
  return {.ca_file = {}, .timeout = seconds(5), .most_bytes = 64 * 1024};
}

Result<WitnessReply> post_now(std::string url, Bytes body) {
  HttpClient client(options());
  auto answer = client.send({.method = "POST",
                             .url = std::move(url),
                             .headers = {{"content-type", "text/plain; charset=utf-8"}},
                             .body = std::move(body)});
  if (!answer) return fail(answer);
  return WitnessReply{answer->status, std::string(answer->header("content-type")),
                      std::move(answer->body)};
}

}  // namespace

Task<WitnessReply> HttpWitnessCaller::post(std::string url, Bytes body) {
  return run_on<WitnessReply>(workers_, home_,
                              [url = std::move(url), body = std::move(body)]() mutable {
                                return post_now(std::move(url), std::move(body));
                              });
}

}  // namespace kontor::curl
