// `npm profile get|set|enable-2fa|disable-2fa`: one address, three kinds of change by the fields
// that are there.
#include "formats/npm/account_handlers.h"
#include "formats/npm/handler_support.h"
#include "registry/accounts.h"
#include "registry/json_body.h"
#include "registry/two_factor.h"

#include <algorithm>
#include <array>

namespace kontor::npm {
namespace {

constexpr std::array kFreeFields = {"fullname", "homepage", "freenode", "twitter", "github"};
constexpr std::size_t kMaxFieldBytes = 512;

Json two_factor_state(const User& user) {
  if (user.two_factor == TwoFactorMode::off) return nullptr;
  const bool writes = user.two_factor == TwoFactorMode::auth_and_writes;
  return {{"mode", writes ? "auth-and-writes" : "auth-only"}, {"pending", user.totp_pending}};
}

// The stored free fields, as an object whatever the row holds.
Json stored_fields(const User& user) {
  auto parsed = parse_json(user.profile.empty() ? "{}" : user.profile);
  return parsed && parsed->is_object() ? std::move(*parsed) : Json::object();
}

Json profile_of(const User& user) {
  Json out = {{"tfa", two_factor_state(user)},
              {"name", user.name},
              {"email", user.email},
              {"email_verified", false},
              {"created", rfc3339(user.created)},
              {"updated", rfc3339(user.updated)},
              {"cidr_whitelist", nullptr}};
  const Json stored = stored_fields(user);
  for (const auto* name : kFreeFields) {
    const Json* value = find_field(stored, name);
    out[name] = value && value->is_string() ? *value : Json("");
  }
  return out;
}

// The free fields after this change: what is absent stays, null and "" clear.
Result<std::optional<std::string>> changed_fields(const Json& body, const User& user) {
  Json fields = stored_fields(user);
  bool changed = false;
  for (const auto* name : kFreeFields) {
    if (!body.contains(name)) continue;
    auto text = text_field(body, name);
    if (!text) return fail(text);
    std::string value = text->value_or("");
    if (value.size() > kMaxFieldBytes)
      return fail(Code::too_large, "The field " + std::string(name) + " is over 512 bytes.");
    fields[name] = std::move(value);
    changed = true;
  }
  if (!changed) return std::nullopt;
  return fields.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::optional<PasswordChange>> changed_password(const Json& body) {
  const Json* field = find_field(body, "password");
  if (!field) return std::nullopt;
  if (!field->is_object())
    return fail(Code::invalid_json, "The field password must be {\"old\", \"new\"}.");
  auto old_password = required_text_field(*field, "old");
  if (!old_password) return fail(old_password);
  auto new_password = required_text_field(*field, "new");
  if (!new_password) return fail(new_password);
  return PasswordChange{std::move(*old_password), std::move(*new_password)};
}

// `npm profile set` sends all fields with the one that changes, so they change together or not at
// all.
Result<AccountChange> read_change(const Json& body, const User& user) {
  AccountChange change;
  auto password = changed_password(body);
  if (!password) return fail(password);
  change.password = std::move(*password);
  auto profile = changed_fields(body, user);
  if (!profile) return fail(profile);
  change.profile = std::move(*profile);
  auto email = text_field(body, "email");
  if (!email) return fail(email);
  if (body.contains("email")) change.email = email->value_or("");
  return change;
}

Task<Json> change_fields(Registry& registry, Actor actor, Json body) {
  User user = co_await load_own_account(registry, actor.principal);
  AccountChange change = co_await read_change(body, user);
  if (change.password || change.email || change.profile)
    user = co_await change_account(registry, std::move(actor), std::move(change));
  co_return profile_of(user);
}

// A change of two-factor is a step of its own: what else the body held would be lost silently.
Result<void> refuse_other_changes(const Json& body) {
  const auto clashes = [&](const char* name) { return find_field(body, name) != nullptr; };
  if (std::ranges::any_of(kFreeFields, clashes) || clashes("email") || clashes("password"))
    return fail(Code::bad_request,
                "Change two-factor authentication (tfa) in a request of its own.");
  return {};
}

// Name an authenticator app shows: the host clients know us by.
std::string issuer_of(const http::Call& call) {
  const auto scheme = call.base.find("://");
  const auto host = scheme == std::string::npos ? call.base : call.base.substr(scheme + 3);
  return host.substr(0, host.find_first_of("/:"));
}

// {password, mode}: start, change of mode, or "disable". Yields the profile with `tfa` as npm reads
// it: a URL to scan, or an object with the mode.
Task<Json> set_mode(Registry& registry, Actor actor, Json wish, std::string issuer) {
  auto password = co_await required_text_field(wish, "password");
  const auto mode = co_await required_text_field(wish, "mode");
  if (mode == "disable")
    co_return profile_of(co_await stop_two_factor(registry, std::move(actor), std::move(password)));
  if (mode != "auth-only" && mode != "auth-and-writes")
    co_return fail(Code::bad_request,
                   "The two-factor mode must be auth-only, auth-and-writes or disable.");
  TwoFactorStart start{
      std::move(password),
      mode == "auth-only" ? TwoFactorMode::auth_only : TwoFactorMode::auth_and_writes,
      std::move(issuer)};
  const auto started = co_await start_two_factor(registry, std::move(actor), std::move(start));
  Json out = profile_of(started.user);
  if (!started.otpauth_url.empty()) out["tfa"] = started.otpauth_url;
  co_return out;
}

// ["123456"]: the code that confirms. Yields the profile with the recovery codes as `tfa`.
Task<Json> confirm_codes(Registry& registry, Actor actor, std::vector<std::string> codes) {
  if (codes.empty()) co_return fail(Code::otp_required);
  const auto recovery = co_await confirm_two_factor(registry, actor, codes.front());
  Json out = profile_of(co_await load_own_account(registry, actor.principal));
  out["tfa"] = recovery;
  co_return out;
}

}  // namespace

Task<http::Response> get_profile(Service& service, const http::Call& call) {
  co_return private_json(200,
                         profile_of(co_await load_own_account(service.registry, call.principal)));
}

Task<http::Response> post_profile(Service& service, const http::Call& call) {
  auto& registry = service.registry;
  const Json body = co_await read_json_object(call.request.body);
  const Json* tfa = find_field(body, "tfa");
  if (!tfa) co_return private_json(200, co_await change_fields(registry, actor_of(call), body));
  co_await refuse_other_changes(body);
  if (tfa->is_object())
    co_return private_json(200, co_await set_mode(registry, actor_of(call), *tfa, issuer_of(call)));
  auto codes = co_await texts_field(body, "tfa");
  co_return private_json(200, co_await confirm_codes(registry, actor_of(call), std::move(codes)));
}

}  // namespace kontor::npm
