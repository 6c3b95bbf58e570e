#pragma once
// npm's package routes over in-memory stores, asked as a host asks them: requests in, answers out.
#include "formats/npm/package_routes.h"
#include "registry/gateway.h"
#include "tests/support/account_world.h"
#include "tests/support/test_release_signer.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace kontor::test {

struct Ask {
  std::string method = "GET";
  std::string target;  // path and query
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::size_t piece = 64 * 1024;  // bytes the body arrives in at a time
};

struct Answer {
  int status = 0;
  std::vector<http::Header> headers;
  std::string body;

  std::string header(std::string_view name) const;
  nlohmann::ordered_json json() const;  // discarded where the body is not JSON
};

// A package to publish; the document is made as npm makes it.
struct Package {
  std::string manifest = R"({"name":"foo","version":"1.0.0"})";
  std::string tag = "latest";
  std::vector<std::pair<std::string, std::string>> files = {};  // besides package.json
  std::string packed_manifest = {};                             // of the tarball; empty: the same
};
std::string tarball_of(const Package& package);
nlohmann::ordered_json document_of(const Package& package);

struct NpmWorld : AccountWorld {
  NpmWorld();

  Answer ask(Ask ask);
  Answer get(const std::string& target, const std::string& user = {});
  Answer send(const std::string& method, const std::string& target, const std::string& user,
              const nlohmann::ordered_json& body);
  Answer publish(const Package& package, const std::string& user = "alice");
  // The authorization header of a user of this world, each with a full token.
  std::string login(const std::string& user);

  TestReleaseSigner releases;
  npm::Service service{registry, nullptr, &releases};
  RouteTable<npm::Service> routes;
  Gateway gateway;
  Gateway* host = &gateway;  // which is asked
  int ready_answers = 0;     // given without handle()
  std::map<std::string, std::string> tokens;
};

}  // namespace kontor::test
