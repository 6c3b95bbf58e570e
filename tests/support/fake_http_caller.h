#pragma once
// Another service that answers what a test lays out, and remembers what it was asked.
#include "ports/http_caller.h"

#include <deque>
#include <vector>

namespace kontor::test {

class FakeHttpCaller final : public HttpCaller {
 public:
  Task<HttpReply> send(HttpCall call) override {
    calls.push_back(std::move(call));
    if (replies.empty()) co_return fail(Code::unavailable, {}, "no reply was laid out");
    HttpReply reply = std::move(replies.front());
    replies.pop_front();
    co_return reply;
  }

  std::string header(std::size_t call, std::string_view name) const {
    for (const auto& [other, value] : calls.at(call).headers)
      if (other == name) return value;
    return {};
  }

  std::deque<HttpReply> replies;
  std::vector<HttpCall> calls;
};

}  // namespace kontor::test
