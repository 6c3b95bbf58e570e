#pragma once
// A small HTTP client for commands that talk to a running registry: one request at a time, over
// HTTP/2 where TLS offers it, on connections that are kept.
#include "base/error.h"
#include "base/time.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor::curl {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

// A body that is read while it is sent, for what does not belong into memory.
class BodySource {
 public:
  virtual ~BodySource() = default;
  virtual std::uint64_t size() const = 0;  // of the whole body, which is sent as Content-Length
  // Fills the front of `piece` and says how much; 0 at the end. Nothing gives the request up.
  virtual std::optional<std::size_t> read(std::span<char> piece) = 0;
  // Back to the first byte, for a request that is sent again; false where that cannot be.
  virtual bool rewind() = 0;
};

// How far a request has come, in bytes of bodies; 0 for a total that is not known.
struct Transfer {
  std::uint64_t sent = 0, to_send = 0;
  std::uint64_t received = 0, to_receive = 0;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  HttpFields headers = {};
  std::string body = {};
  BodySource* source = nullptr;  // instead of `body`
  // Gets the body's pieces instead of HttpAnswer::body; false gives the request up.
  std::function<bool(std::string_view)> sink = {};
  // Told often while the request is under way.
  std::function<void(const Transfer&)> watch = {};
  std::function<void(int)> begun = {};  // gets the status before the first piece of the body
};

struct HttpAnswer {
  int status = 0;
  HttpFields headers;  // names in lower case, in the order they came
  std::string body;

  std::string_view header(std::string_view name) const;  // the first of that name, or empty
};

struct HttpClientOptions {
  std::string ca_file;             // PEM, instead of the system's authorities; empty: the system's
  Duration timeout = seconds(60);  // for one request with its answer; 0: however long it takes
  Duration idle = {};              // given up when no byte moves for so long; 0: never
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
