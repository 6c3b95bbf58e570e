#pragma once
// IP addresses and address blocks (RFC 4632, RFC 4291) as values: limits per address, token address
// lists, trusted proxies.
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kontor {

// IPv4 is kept v4-mapped (::ffff:a.b.c.d), so that a client is the same address whichever kind of
// socket it came through.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  bool is_v4() const;
  auto operator<=>(const IpAddress&) const = default;

  // "192.0.2.1" or "2001:db8::1"; nothing for other spellings (leading zeros, brackets, ports,
  // zone ids, white space).
  static std::optional<IpAddress> parse(std::string_view text);
  static IpAddress v4(std::array<std::uint8_t, 4> octets);
  // "192.0.2.1", also for a v4-mapped address; IPv6 in the canonical form of RFC 5952.
  std::string to_string() const;
};

// The address with all bits below `prefix` (of 128) cleared.
IpAddress network_of(const IpAddress& address, unsigned prefix);

// Whom a limit per address means: the IPv4 address, or the /64 of an IPv6 address, which one host
// has to itself. A text that is no address stands for itself.
std::string client_group(const std::string& address);

// A block of addresses. An IPv6 block never contains an IPv4 address, not even ::/0.
struct Cidr {
  IpAddress network;
  std::uint8_t prefix = 128;  // of 128 bits; IPv4 blocks have 96 or more

  auto operator<=>(const Cidr&) const = default;

  // "10.0.0.0/8", "2001:db8::/32", or one address alone. Bits below the prefix are ignored.
  static std::optional<Cidr> parse(std::string_view text);
  bool contains(const IpAddress& address) const;
  std::string to_string() const;
};

bool contains(std::span<const Cidr> blocks, const IpAddress& address);

}  // namespace kontor
