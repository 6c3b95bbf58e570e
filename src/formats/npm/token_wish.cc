// Reads every spelling into one wish. Bounds of the values are the registry's business.
#include "formats/npm/token_wish.h"

#include "registry/json_body.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>

namespace kontor::npm {
namespace {

using Names = std::initializer_list<std::string_view>;

constexpr std::int64_t kMaxDays = 36'500;

// The first of these fields that is there.
const Json* find_any(const Json& body, Names names) {
  for (const auto name : names)
    if (const Json* field = find_field(body, name)) return field;
  return nullptr;
}

Result<std::vector<std::string>> read_texts(const Json& body, Names names) {
  for (const auto name : names) {
    auto texts = texts_field(body, name);
    if (!texts || !texts->empty()) return texts;
  }
  return std::vector<std::string>{};
}

std::unexpected<Error> bad_expiry() {
  return fail(Code::bad_request, "The expiry must be a number of days or an ISO 8601 date.");
}

Result<Timestamp> after_days(std::int64_t count, Timestamp now) {
  if (count < 1 || count > kMaxDays) return bad_expiry();
  return now + days(count);
}

Result<std::optional<Timestamp>> read_expiry(const Json& body, Timestamp now) {
  const Json* field = find_any(body, {"expires", "expiry"});
  if (!field) return std::nullopt;
  if (field->is_number_integer()) {
    const bool huge = field->is_number_unsigned() && field->get<std::uint64_t>() > kMaxDays;
    return huge ? bad_expiry() : after_days(field->get<std::int64_t>(), now);
  }
  if (!field->is_string()) return bad_expiry();
  const auto text = field->get<std::string>();
  if (const auto at = parse_rfc3339(text)) return *at;
  if (const auto day = parse_iso_date(text)) return Timestamp{day->number * days(1).ms};
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size()) return bad_expiry();
  return after_days(count, now);
}

// Packages and scopes as patterns; empty where everything was meant.
Result<std::vector<std::string>> read_packages(const Json& body) {
  auto packages = texts_field(body, "packages");
  auto scopes = texts_field(body, "scopes");
  auto all = flag_field(body, "packages_all");
  if (!packages) return packages;
  if (!scopes) return scopes;
  if (!all) return fail(all);
  for (const auto& scope : *scopes) {
    const auto bare = scope.starts_with('@') ? scope.substr(1) : scope;
    if (bare.empty() || bare.find_first_of("*/") != bare.npos)
      return fail(Code::bad_request, "A scope must look like @scope.");
    packages->push_back("@" + bare + "/*");
  }
  const bool everything =
      all->value_or(false) || std::ranges::find(*packages, "*") != packages->end();
  return everything ? std::vector<std::string>{} : std::move(*packages);
}

Result<TokenRights> read_rights(const Json& body) {
  const auto readonly = flag_field(body, "readonly");
  if (!readonly) return std::unexpected(readonly.error());
  const auto permission = text_field(body, "packages_and_scopes_permission");
  if (!permission) return std::unexpected(permission.error());
  if (readonly->value_or(false)) return TokenRights::read_only;
  if (*permission == "read-only") return TokenRights::read_only;
  if (*permission == "no-access")
    return fail(Code::bad_request, "A token without access to packages is of no use here.");
  if (*permission && *permission != "read-write")
    return fail(Code::bad_request, "The permission must be read-only or read-write.");
  if (*permission) return TokenRights::publish;
  if (*readonly) return TokenRights::full;
  const bool limited = find_any(body, {"packages", "packages_all", "scopes"});
  return limited ? TokenRights::read_only : TokenRights::publish;
}

Result<std::string> read_name(const Json& body) {
  for (const auto key : {"name", "token_description", "description"}) {
    auto text = text_field(body, key);
    if (!text) return fail(text);
    if (*text && !(*text)->empty()) return std::move(**text);
  }
  return std::string{};
}

Result<void> refuse_organisations(const Json& body) {
  const auto orgs = texts_field(body, "orgs");
  if (!orgs) return std::unexpected(orgs.error());
  if (orgs->empty()) return {};
  return fail(Code::bad_request, "There are no organisations here; name packages or scopes.");
}

}  // namespace

Result<TokenWish> parse_token_wish(const Json& body, Timestamp now) {
  if (auto orgs = refuse_organisations(body); !orgs) return fail(orgs);
  auto name = read_name(body);
  if (!name) return fail(name);
  auto rights = read_rights(body);
  if (!rights) return fail(rights);
  auto packages = read_packages(body);
  if (!packages) return fail(packages);
  auto cidrs = read_texts(body, {"cidr_whitelist", "cidr"});
  if (!cidrs) return fail(cidrs);
  auto expires = read_expiry(body, now);
  if (!expires) return fail(expires);
  auto bypass = flag_field(body, "bypass_2fa");
  if (!bypass) return fail(bypass);
  return TokenWish{std::move(*name),     *rights,  std::move(*cidrs),
                   std::move(*packages), *expires, bypass->value_or(false)};
}

}  // namespace kontor::npm
