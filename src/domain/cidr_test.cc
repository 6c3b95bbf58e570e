// Spellings of addresses and blocks, and membership.
#include "domain/cidr.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

std::string round_trip(std::string_view text) {
  const auto address = IpAddress::parse(text);
  return address ? address->to_string() : "refused";
}

bool within(std::string_view block, std::string_view address) {
  const auto b = Cidr::parse(block);
  const auto a = IpAddress::parse(address);
  EXPECT_TRUE(b && a) << block << " " << address;
  return b && a && b->contains(*a);
}

TEST(IpAddress, reads_every_form_and_writes_the_canonical_one) {
  const std::pair<std::string_view, std::string_view> table[] = {
      {"127.0.0.1", "127.0.0.1"},
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
      {"2001:db8::1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"::ffff:192.0.2.7", "192.0.2.7"},
      {"::FFFF:c000:0207", "192.0.2.7"},
      {"64:ff9b::192.0.2.1", "64:ff9b::c000:201"},
      {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(round_trip(text), expected) << text;
}

TEST(IpAddress, refuses_everything_else) {
  const std::string_view table[] = {"",
                                    "1",
                                    "1.2.3",
                                    "1.2.3.4.5",
                                    "256.1.1.1",
                                    "01.2.3.4",
                                    "1.2.3.4 ",
                                    " 1.2.3.4",
                                    "1.2.3.",
                                    ".1.2.3",
                                    "1.2.3.-4",
                                    "0x1.2.3.4",
                                    ":",
                                    ":::",
                                    "1::2::3",
                                    "12345::",
                                    "::g",
                                    "1:2:3:4:5:6:7",
                                    "1:2:3:4:5:6:7:8:9",
                                    "1:2:3:4:5:6:7:8::",
                                    "fe80::1%eth0",
                                    "[::1]",
                                    "::1.2.3",
                                    "::1.2.3.4:5",
                                    "1.2.3.4::",
                                    "1:2:3:4:5:6:7:1.2.3.4",
                                    "::1:",
                                    ":1::2",
                                    "1:2:3:4:5:6:7:",
                                    "1.2.3.4:80"};
  for (const auto text : table) EXPECT_EQ(round_trip(text), "refused") << text;
}

TEST(ClientGroup, is_the_ipv4_address_or_the_64_of_ipv6) {
  EXPECT_EQ(client_group("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_group("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
  EXPECT_EQ(client_group("2001:db8:1:2::9"), "2001:db8:1:2::");
  EXPECT_EQ(client_group("unix"), "unix");
}

TEST(Cidr, holds_exactly_the_addresses_under_its_prefix) {
  EXPECT_TRUE(within("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(within("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(within("192.0.2.77/25", "192.0.2.1"));
  EXPECT_FALSE(within("192.0.2.77/25", "192.0.2.128"));
  EXPECT_TRUE(within("0.0.0.0/0", "8.8.8.8"));
  EXPECT_TRUE(within("127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(within("127.0.0.1", "127.0.0.2"));
  EXPECT_TRUE(within("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(within("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(within("::/0", "2001:db8::1"));
}

TEST(Cidr, treats_a_mapped_ipv4_address_as_ipv4) {
  EXPECT_TRUE(within("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_TRUE(within("::ffff:10.0.0.0/104", "10.1.2.3"));
  EXPECT_FALSE(within("::/0", "10.1.2.3"));
  EXPECT_FALSE(within("::/64", "10.1.2.3"));
  EXPECT_FALSE(within("0.0.0.0/0", "::1"));
}

TEST(Cidr, refuses_malformed_blocks) {
  for (const std::string_view text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "::/129",
                                      "10.0.0.0/-1", "10.0.0.0/8/8", "10.0/8", "a/8", "::1/1000"})
    EXPECT_FALSE(Cidr::parse(text)) << text;
}

TEST(Cidr, writes_the_block_it_read) {
  EXPECT_EQ(Cidr::parse("10.1.2.3/8")->to_string(), "10.0.0.0/8");
  EXPECT_EQ(Cidr::parse("2001:db8::5/32")->to_string(), "2001:db8::/32");
  EXPECT_EQ(Cidr::parse("192.0.2.1")->to_string(), "192.0.2.1/32");
}

}  // namespace
}  // namespace kontor
