#pragma once
// The account routes behind a gateway over in-memory stores, asked as a host asks them.
#include "formats/npm/account_routes.h"
#include "registry/gateway.h"
#include "registry/user_routes.h"
#include "tests/support/account_world.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace kontor::test {

struct Question {
  http::Method method = http::Method::get;
  std::string target;  // path and query
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::string address = "192.0.2.1";
};

struct Reply {
  int status = 0;
  std::vector<http::Header> headers;
  std::string body;

  std::string header(std::string_view name) const;
  nlohmann::ordered_json json() const;  // discarded where the body is not JSON
};

struct AccountHost : AccountWorld {
  AccountHost();

  Reply send(Question question);
  Reply get(const std::string& target, const std::string& authorization = {});
  Reply put(const std::string& target, const std::string& body,
            const std::string& authorization = {});
  Reply post(const std::string& target, const std::string& body,
             const std::string& authorization = {});
  Reply del(const std::string& target, const std::string& authorization = {});
  // "Bearer" and a full token of the user, whose password is "correct horse".
  std::string bearer(const std::string& name, TokenWish wish = {});

  npm::Service service{registry};
  RouteTable<npm::Service> npm_routes;
  RouteTable<Registry> users;
  Gateway gateway;
  Gateway* asked = &gateway;  // who answers; a test with other routes names another
};

}  // namespace kontor::test
