// The way of a request through the gateway: prefixes, methods, and what pages of other sites may
// do.
#include "registry/gateway.h"

#include "registry/error_body.h"
#include "tests/support/account_world.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

constexpr std::string_view kPage = "https://page.test";

struct Nothing {};

Task<http::Response> echo(Nothing&, const http::Call& call) {
  auto response = http::text_response(200, call.base + " " + call.params["name"]);
  response.set("npm-notice", "hello");
  co_return response;
}

constexpr std::array kRoutes = {
    RouteEntry<Nothing>{{http::Method::get, "/:name", http::Access::open, ""}, echo},
    RouteEntry<Nothing>{{http::Method::put, "/:name", http::Access::open, ""}, echo},
};
constexpr std::array kRootRoutes = {
    RouteEntry<Nothing>{{http::Method::post, "/only/here", http::Access::open, ""}, echo},
};

class GatewayTest : public ::testing::Test {
 protected:
  http::Response ask(http::Method method, std::string_view path, std::string_view origin = {}) {
    http::Request request;
    request.method = method;
    request.path = path;
    request.base_url = "http://r.test";
    if (!origin.empty()) request.headers = {{"Origin", origin}};
    RouteLabel label;
    return *world.run(gateway.handle(request, &label));
  }
  std::string get(std::string_view path) {
    const auto response = ask(http::Method::get, path);
    return response.status == 200 ? std::get<Bytes>(response.body)
                                  : std::to_string(response.status);
  }

  test::AccountWorld world;
  Nothing nothing;
  RouteTable<Nothing> routes{"echo", kRoutes, nothing, error_body};
  RouteTable<Nothing> root_routes{"root", kRootRoutes, nothing, error_body};
  Gateway gateway{world.registry, {{&root_routes, false}, {&routes, true}}};
};

TEST_F(GatewayTest, serves_prefixed_routes_below_each_prefix_and_at_the_root) {
  EXPECT_EQ(get("/a"), "http://r.test a");
  EXPECT_EQ(get("/npm/a"), "http://r.test/npm a");
  EXPECT_EQ(get("/npm"), "http://r.test npm");  // a name, not the registry
  EXPECT_EQ(get("/npm/"), "404");
  EXPECT_EQ(get("/other/a"), "404");
}

TEST_F(GatewayTest, takes_the_longest_prefix_in_whatever_order_they_are_configured) {
  for (std::vector<std::string> prefixes : {std::vector<std::string>{"/npm", "/npm/team"},
                                            std::vector<std::string>{"/npm/team", "/npm"}}) {
    world.change_settings([&](Settings& s) { s.prefixes = prefixes; });
    EXPECT_EQ(get("/npm/team/a"), "http://r.test/npm/team a");
    EXPECT_EQ(get("/npm/a"), "http://r.test/npm a");
    EXPECT_EQ(get("/npm/team"), "http://r.test/npm team");
  }
}

TEST_F(GatewayTest, keeps_other_routes_at_the_root) {
  EXPECT_EQ(ask(http::Method::post, "/only/here").status, 200);
  EXPECT_EQ(ask(http::Method::post, "/npm/only/here").status, 404);
}

TEST_F(GatewayTest, answers_405_with_every_method_that_fits) {
  const auto response = ask(http::Method::del, "/a");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.header("allow"), "GET, HEAD, PUT");
  EXPECT_EQ(response.header("kontor-error-code"), "method_not_allowed");
}

TEST_F(GatewayTest, lets_pages_of_other_sites_read_and_with_a_credential_write) {
  const auto preflight = ask(http::Method::options, "/a", kPage);
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("access-control-allow-methods"), "GET, HEAD, PUT, POST, DELETE");
  for (const auto* header :
       {"authorization", "content-type", "npm-auth-type", "npm-command", "npm-otp"})
    EXPECT_NE(preflight.header("access-control-allow-headers").find(header), std::string::npos);
  for (const auto method : {http::Method::get, http::Method::put, http::Method::del}) {
    const auto response = ask(method, "/a", kPage);
    EXPECT_EQ(response.header("access-control-allow-origin"), "*");
    EXPECT_NE(response.header("access-control-expose-headers").find("npm-notice"),
              std::string::npos);
  }
  EXPECT_EQ(ask(http::Method::get, "/a").header("access-control-expose-headers"), "");
}

TEST_F(GatewayTest, lets_pages_only_read_where_nobody_needs_a_credential) {
  world.change_settings([](Settings& s) { s.accounts.everybody = "admin"; });
  EXPECT_EQ(ask(http::Method::options, "/a", kPage).header("access-control-allow-methods"),
            "GET, HEAD");
  for (const auto origin : {kPage, std::string_view("null"), std::string_view("http://r.tes"),
                            std::string_view("http://r.test:80")}) {
    const auto refused = ask(http::Method::put, "/a", origin);
    EXPECT_EQ(refused.status, 403) << origin;
    EXPECT_EQ(refused.header("access-control-allow-origin"), "");
  }
  EXPECT_EQ(ask(http::Method::put, "/a", "http://r.test").status, 200);
  EXPECT_EQ(ask(http::Method::put, "/a").status, 200);
  EXPECT_EQ(ask(http::Method::get, "/a", kPage).header("access-control-allow-origin"), "*");
}

}  // namespace
}  // namespace kontor
