#pragma once
// A transport of conversations that goes through the gateway on in-memory stores.
#include "tests/protocol/conversation.h"

namespace kontor::test {

// World: of tests/support, one for each format.
template <class World>
class InProcess : public Transport {
 public:
  Reply ask(const Exchange& request) override {
    std::string target = request.target;
    if (target.starts_with(base())) target.erase(0, base().size());
    const auto answer = world_.ask({request.method, target, request.headers, request.body});
    Reply reply{answer.status, {}, answer.body};
    for (const auto& header : answer.headers) reply.headers.emplace_back(header.name, header.value);
    return reply;
  }
  std::string base() override { return "http://registry.test"; }
  std::string token(const std::string& user) override { return world_.login(user).substr(7); }
  std::string password(const std::string& user) override { return "secret of " + user; }

 protected:
  World world_;
};

}  // namespace kontor::test
