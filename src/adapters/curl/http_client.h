#pragma once
// A small HTTP client for commands that talk to a running registry: one request at a time, over
// HTTP/2 where TLS offers it, on connections that are kept.
#include "base/error.h"
#include "base/time.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor::curl {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  HttpFields headers = {};
  std::string body = {};
  // Gets the body's pieces instead of HttpAnswer::body; false gives the request up.
  std::function<bool(std::string_view)> sink = {};
};

struct HttpAnswer {
  int status = 0;
  HttpFields headers;  // names in lower case, in the order they came
  std::string body;

  std::string_view header(std::string_view name) const;  // the first of that name, or empty
};

struct HttpClientOptions {
  std::string ca_file;             // PEM, instead of the system's authorities; empty: the system's
  Duration timeout = seconds(60);  // for one request with its answer
  std::uint64_t most_bytes = 64u << 20;  // of an answer's body; a sink has no limit
};

// For one thread at a time. Redirects are not followed, for a credential must not travel to a host
// that nobody named; the path goes out exactly as written; only http and https are spoken.
class HttpClient {
 public:
  explicit HttpClient(HttpClientOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // `unavailable` with a sentence where no whole answer came; any status is a success.
  Result<HttpAnswer> send(const HttpRequest& request);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kontor::curl
