#pragma once
// One request being answered, whatever the protocol: the values a handler sees, its task, and what
// is told afterwards. Pooled per loop; strings and vectors keep their memory.
#include "adapters/asio/handler.h"
#include "base/task.h"
#include "http/forwarded.h"
#include "http/message.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kontor::net {

struct Exchange {
  http::Request request;
  http::Origin origin;
  RequestLog log;
  std::array<char, 64> id{};
  std::string_view error;  // code the host refused with
  std::uint16_t status = 0;
  std::uint64_t started_us = 0;
  std::uint64_t bytes_in = 0;
  std::optional<Task<http::Response>> task;

  void reset() {
    task.reset();
    auto headers = std::move(request.headers);
    headers.clear();
    request = http::Request();
    request.headers = std::move(headers);
    log = RequestLog();
    error = {};
    status = 0;
    bytes_in = 0;
  }
};

}  // namespace kontor::net
