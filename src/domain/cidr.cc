// Address parsing without the platform's resolver: the same spellings everywhere, wasm included.
#include "domain/cidr.h"

#include <algorithm>
#include <charconv>

namespace kontor {
namespace {

constexpr unsigned kV4Bits = 96;  // length of ::ffff:0:0

using Groups = std::array<std::uint16_t, 8>;

// Decimal without sign, leading zero or anything after it; nothing above `max`.
std::optional<unsigned> decimal(std::string_view text, unsigned max) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  unsigned n = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    n = n * 10 + static_cast<unsigned>(c - '0');
  }
  return n <= max ? std::optional(n) : std::nullopt;
}

std::optional<std::array<std::uint8_t, 4>> parse_v4(std::string_view text) {
  std::array<std::uint8_t, 4> out{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto end = i < 3 ? text.find('.') : text.size();
    if (end == text.npos) return std::nullopt;
    const auto octet = decimal(text.substr(0, end), 255);
    if (!octet) return std::nullopt;
    out[i] = static_cast<std::uint8_t>(*octet);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::optional<std::uint16_t> parse_group(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  std::uint16_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

// Appends the groups of a part without "::"; an IPv4 tail counts as two.
bool parse_groups(std::string_view text, Groups& groups, std::size_t& count) {
  while (!text.empty()) {
    const auto end = std::min(text.find(':'), text.size());
    const auto piece = text.substr(0, end);
    if (end == text.size() && piece.find('.') != piece.npos) {
      const auto v4 = parse_v4(piece);
      if (!v4 || count > 6) return false;
      groups[count++] = static_cast<std::uint16_t>((*v4)[0] << 8 | (*v4)[1]);
      groups[count++] = static_cast<std::uint16_t>((*v4)[2] << 8 | (*v4)[3]);
      return true;
    }
    const auto group = parse_group(piece);
    if (!group || count == 8 || end + 1 == text.size()) return false;
    groups[count++] = *group;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

IpAddress from_groups(const Groups& groups) {
  IpAddress out;
  for (std::size_t i = 0; i < 8; ++i) {
    out.bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
    out.bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 255);
  }
  return out;
}

std::optional<IpAddress> parse_v6(std::string_view text) {
  Groups head{}, tail{};
  std::size_t head_count = 0, tail_count = 0;
  const auto gap = text.find("::");
  if (gap == text.npos) {
    if (!parse_groups(text, head, head_count) || head_count != 8) return std::nullopt;
    return from_groups(head);
  }
  const auto left = text.substr(0, gap);
  if (left.find('.') != left.npos || !parse_groups(left, head, head_count)) return std::nullopt;
  if (!parse_groups(text.substr(gap + 2), tail, tail_count)) return std::nullopt;
  if (head_count + tail_count > 7) return std::nullopt;
  std::copy_n(tail.begin(), tail_count, head.end() - static_cast<std::ptrdiff_t>(tail_count));
  return from_groups(head);
}

// The longest run of at least two zero groups, as [first, last).
std::pair<std::size_t, std::size_t> longest_gap(const Groups& groups) {
  std::pair<std::size_t, std::size_t> best{8, 8};
  for (std::size_t i = 0; i < 8;) {
    std::size_t j = i;
    while (j < 8 && groups[j] == 0) ++j;
    if (j - i > 1 && j - i > best.second - best.first) best = {i, j};
    i = j + 1;
  }
  return best;
}

std::string v6_text(const Groups& groups) {
  const auto [first, last] = longest_gap(groups);
  std::string out;
  for (std::size_t i = 0; i < 8;) {
    if (i == first) {
      out += "::";
      i = last;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    char digits[4];
    const auto end = std::to_chars(digits, digits + 4, groups[i++], 16).ptr;
    out.append(digits, end);
  }
  return out;
}

}  // namespace

bool IpAddress::is_v4() const {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](auto b) { return b == 0; }) &&
         bytes[10] == 0xff && bytes[11] == 0xff;
}

IpAddress IpAddress::v4(std::array<std::uint8_t, 4> octets) {
  IpAddress out;
  out.bytes[10] = out.bytes[11] = 0xff;
  std::ranges::copy(octets, out.bytes.begin() + 12);
  return out;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.size() > 45) return std::nullopt;
  if (text.find(':') != text.npos) return parse_v6(text);
  const auto octets = parse_v4(text);
  return octets ? std::optional(v4(*octets)) : std::nullopt;
}

std::string IpAddress::to_string() const {
  if (is_v4()) {
    std::string out;
    for (std::size_t i = 12; i < 16; ++i) out += (i > 12 ? "." : "") + std::to_string(bytes[i]);
    return out;
  }
  Groups groups{};
  for (std::size_t i = 0; i < 8; ++i)
    groups[i] = static_cast<std::uint16_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  return v6_text(groups);
}

IpAddress network_of(const IpAddress& address, unsigned prefix) {
  IpAddress out = address;
  for (unsigned i = 0; i < 16; ++i) {
    const unsigned kept = prefix > 8 * i ? std::min(8u, prefix - 8 * i) : 0;
    out.bytes[i] &= static_cast<std::uint8_t>(0xff00u >> kept);
  }
  return out;
}

std::string client_group(const std::string& address) {
  const auto ip = IpAddress::parse(address);
  if (!ip || ip->is_v4()) return address;
  return network_of(*ip, 64).to_string();
}

std::optional<Cidr> Cidr::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == text.npos) return Cidr{*address, 128};
  // A v4-mapped block written as IPv6 counts its bits from the start of the 128.
  const bool dotted = text.substr(0, slash).find(':') == text.npos;
  const auto bits = decimal(text.substr(slash + 1), dotted ? 32 : 128);
  if (!bits) return std::nullopt;
  const unsigned prefix = dotted ? *bits + kV4Bits : *bits;
  return Cidr{network_of(*address, prefix), static_cast<std::uint8_t>(prefix)};
}

bool Cidr::contains(const IpAddress& address) const {
  if (address.is_v4() && (prefix < kV4Bits || !network.is_v4())) return false;
  return network_of(address, prefix) == network;
}

std::string Cidr::to_string() const {
  const bool v4 = network.is_v4() && prefix >= kV4Bits;
  return network.to_string() + "/" + std::to_string(v4 ? prefix - kV4Bits : prefix);
}

bool contains(std::span<const Cidr> blocks, const IpAddress& address) {
  return std::ranges::any_of(blocks, [&](const Cidr& b) { return b.contains(address); });
}

}  // namespace kontor
