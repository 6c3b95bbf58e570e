// Wishes are refused, never quietly narrowed or widened: what a user reads back is what was asked.
#include "registry/token_rules.h"

#include "base/encoding.h"
#include "domain/cidr.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::size_t kMaxNameBytes = 256;
constexpr std::size_t kMaxBlocks = 64;
constexpr std::size_t kMaxPatterns = 256;
constexpr std::size_t kMaxPatternBytes = 256;

bool is_printable(std::string_view text) {
  return is_utf8(text) && std::ranges::all_of(text, [](char c) {
           return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
         });
}

// A name, or the beginning of names with one star at the end.
bool is_pattern(std::string_view text) {
  const auto star = text.find('*');
  return !text.empty() && text.size() <= kMaxPatternBytes && is_printable(text) &&
         text.find(' ') == text.npos && (star == text.npos || star + 1 == text.size());
}

Result<void> check_blocks(std::vector<std::string>& cidrs) {
  if (cidrs.size() > kMaxBlocks) return fail(Code::bad_request, "At most 64 address blocks.");
  for (auto& text : cidrs) {
    const auto block = Cidr::parse(text);
    if (!block)
      return fail(Code::bad_request,
                  "An address block must look like 192.0.2.0/24 or 2001:db8::/32.");
    text = block->to_string();
  }
  return {};
}

Result<void> check_expiry(TokenWish& wish, const AccountSettings& settings, Timestamp now) {
  const auto latest = latest_expiry(settings, now);
  if (!wish.expires) wish.expires = latest;
  if (wish.expires && *wish.expires <= now)
    return fail(Code::bad_request, "The expiry must lie in the future.");
  if (latest && *wish.expires > *latest)
    return fail(Code::bad_request, "Tokens live " + std::to_string(settings.token_max_days) +
                                       " days at most here; ask for fewer days.");
  return {};
}

}  // namespace

std::string_view to_string(TokenRights rights) {
  switch (rights) {
    case TokenRights::read_only:
      return "read-only";
    case TokenRights::publish:
      return "publish";
    case TokenRights::full:
      return "full";
  }
  return "";
}

std::optional<Timestamp> latest_expiry(const AccountSettings& settings, Timestamp now) {
  if (!settings.token_max_days) return std::nullopt;
  return now + days(settings.token_max_days);
}

Result<void> check_wish(TokenWish& wish, const AccountSettings& settings, Timestamp now) {
  if (wish.name.size() > kMaxNameBytes || !is_printable(wish.name))
    return fail(Code::bad_request, "The token's name must be text of at most 256 bytes.");
  if (wish.packages.size() > kMaxPatterns || !std::ranges::all_of(wish.packages, is_pattern))
    return fail(Code::bad_request,
                "Packages are at most 256 names, scopes (@scope/*) or beginnings of names (ab*).");
  if (auto blocks = check_blocks(wish.cidrs); !blocks) return blocks;
  return check_expiry(wish, settings, now);
}

}  // namespace kontor
