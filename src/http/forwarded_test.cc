// Who is believed about the client's address and our own URL.
#include "http/forwarded.h"

#include <gtest/gtest.h>

namespace kontor::http {
namespace {

class ForwardedTest : public ::testing::Test {
 protected:
  ForwardedTest() {
    for (const auto block : {"10.0.0.0/8", "fd00::/8"})
      rules.trusted.push_back(*Cidr::parse(block));
    come_from("10.0.0.1");
  }
  void come_from(std::string_view address) {
    peer = {*IpAddress::parse(address), address, "127.0.0.1:4873", false};
  }
  void send(std::string_view name, std::string_view value) {
    request.headers.push_back({name, value});
  }
  std::string address() {
    EXPECT_TRUE(resolve_origin(request, "registry.test", peer, rules, origin));
    return origin.address;
  }
  std::string url(std::string_view host) {
    const auto r = resolve_origin(request, host, peer, rules, origin);
    return r ? origin.base_url : std::string(info(r.error().code).name);
  }

  Request request;
  Peer peer;
  ProxyRules rules;
  Origin origin;
};

TEST_F(ForwardedTest, an_untrusted_peer_is_never_believed) {
  come_from("203.0.113.9");
  send("X-Forwarded-For", "198.51.100.1");
  send("Forwarded", "for=198.51.100.1;host=evil.test;proto=https");
  send("CF-Connecting-IP", "198.51.100.1");
  send("X-Forwarded-Host", "evil.test");
  send("X-Forwarded-Proto", "https");
  EXPECT_EQ(address(), "203.0.113.9");
  EXPECT_EQ(url("registry.test"), "http://registry.test");
  EXPECT_FALSE(origin.tls);
  EXPECT_FALSE(origin.trusted_peer);
}

TEST_F(ForwardedTest, the_right_most_untrusted_hop_is_the_client) {
  send("X-Forwarded-For", "1.1.1.1, 198.51.100.7 , 10.9.9.9,10.2.2.2");
  EXPECT_EQ(address(), "198.51.100.7");
  EXPECT_TRUE(origin.trusted_peer);
}

TEST_F(ForwardedTest, several_headers_are_one_list) {
  send("X-Forwarded-For", "198.51.100.7");
  send("x-forwarded-for", "10.2.2.2, 10.3.3.3");
  EXPECT_EQ(address(), "198.51.100.7");
}

TEST_F(ForwardedTest, where_all_hops_are_trusted_the_first_is_the_client) {
  send("X-Forwarded-For", "10.1.1.1, 10.2.2.2");
  EXPECT_EQ(address(), "10.1.1.1");
}

TEST_F(ForwardedTest, the_walk_ends_before_a_hop_that_is_no_address) {
  send("X-Forwarded-For", "198.51.100.7, unknown, 10.2.2.2");
  EXPECT_EQ(address(), "10.2.2.2");
}

TEST_F(ForwardedTest, hops_may_carry_ports_and_brackets) {
  send("X-Forwarded-For", "198.51.100.7:4711");
  EXPECT_EQ(address(), "198.51.100.7");
  request.headers = {{"X-Forwarded-For", "[2001:DB8::7]:4711"}};
  EXPECT_EQ(address(), "2001:db8::7");
  request.headers = {{"X-Forwarded-For", "::ffff:198.51.100.7"}};
  EXPECT_EQ(address(), "198.51.100.7");
}

TEST_F(ForwardedTest, forwarded_counts_where_no_x_forwarded_for_was_sent) {
  send("Forwarded", "for=1.1.1.1, For=\"[2001:db8::7]:4711\";proto=https;by=10.0.0.1");
  EXPECT_EQ(address(), "2001:db8::7");
  EXPECT_TRUE(origin.tls);
  send("X-Forwarded-For", "198.51.100.7");
  EXPECT_EQ(address(), "198.51.100.7");
}

TEST_F(ForwardedTest, a_comma_inside_quotes_does_not_split) {
  rules.public_url = "https://npm.test";
  send("Forwarded", "for=198.51.100.7;host=\"a,for=9.9.9.9\"");
  EXPECT_EQ(address(), "198.51.100.7");
}

TEST_F(ForwardedTest, cf_connecting_ip_is_the_last_resort) {
  send("CF-Connecting-IP", "198.51.100.7");
  EXPECT_EQ(address(), "198.51.100.7");
  request.headers = {{"CF-Connecting-IP", "nonsense"}};
  EXPECT_EQ(address(), "10.0.0.1");
}

TEST_F(ForwardedTest, a_trusted_proxy_tells_scheme_and_host) {
  send("X-Forwarded-Proto", "https");
  send("X-Forwarded-Host", "a.test, npm.test:8443");
  EXPECT_EQ(url("inner:4873"), "https://npm.test:8443");
  request.headers = {{"Forwarded", "for=1.2.3.4;proto=https;host=other.test"}};
  EXPECT_EQ(url("inner:4873"), "https://other.test");
  request.headers = {{"X-Forwarded-Host", "evil test"}};
  EXPECT_EQ(url("inner:4873"), "bad_request");
}

TEST_F(ForwardedTest, a_public_url_wins_over_everything) {
  rules.public_url = "https://npm.example.test/npm";
  send("X-Forwarded-Host", "other.test");
  EXPECT_EQ(url("evil host"), "https://npm.example.test/npm");
}

TEST_F(ForwardedTest, without_a_host_the_local_address_stands_in) {
  EXPECT_EQ(url(""), "http://127.0.0.1:4873");
  peer.tls = true;
  EXPECT_EQ(url("registry.test"), "https://registry.test");
}

TEST(Host, is_a_name_or_address_with_an_optional_port) {
  for (const auto text :
       {"localhost", "a.b-c_d.test", "127.0.0.1:80", "[::1]", "[2001:db8::1]:65535"})
    EXPECT_TRUE(is_valid_host(text)) << text;
  for (const auto text :
       {"", ":80", "a:", "a:b", "a:65536", "a/b", "a b", "a@b", "user:pw@a", "[::1", "[::1]x", "[]",
        "[1.2.3.4]", "::1", "a\r\nb", "a,b", "a\"b", "ä.test", "a?b"})
    EXPECT_FALSE(is_valid_host(text)) << text;
  EXPECT_FALSE(is_valid_host(std::string(262, 'a')));
}

}  // namespace
}  // namespace kontor::http
