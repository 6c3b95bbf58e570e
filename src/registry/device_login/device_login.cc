// The steps over the store's atomic decide and poll.
#include "registry/device_login/device_login.h"

#include "base/sha256.h"
#include "domain/cidr.h"
#include "registry/account_tokens.h"
#include "registry/audit.h"
#include "registry/random_text.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::size_t kDeviceCodeLength = 40;
constexpr std::size_t kMostClientId = 64;

std::uint32_t whole_seconds(Duration wait) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(1, (wait.ms + 999) / 1000));
}

Error too_many(Duration wait, std::string_view what, std::string_view advice) {
  const auto wait_s = whole_seconds(wait);
  std::string text(what);
  text.append("; ").append(advice).append(" in ").append(std::to_string(wait_s));
  return {Code::rate_limited, text + " seconds.", {}, wait_s};
}

bool is_client_id(std::string_view text) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= kMostClientId && std::ranges::all_of(text, is_letter);
}

// Each letter equally likely: bytes past the last whole run of the alphabet are not used.
std::string random_user_code(Entropy& entropy) {
  constexpr auto kLetters = kUserCodeLetters.size();
  std::string code;
  while (code.size() < kUserCodeLength)
    for (const char byte : entropy.bytes(2 * kUserCodeLength)) {
      const auto number = static_cast<unsigned char>(byte);
      if (number < 256 / kLetters * kLetters && code.size() < kUserCodeLength)
        code += kUserCodeLetters[number % kLetters];
    }
  return code;
}

std::string guess_key(const std::string& address) {
  return "device:" + client_group(address);
}

Error no_such_login() {
  return {Code::not_found,
          "There is no login with this code: it may have expired, or be done already. Look at the "
          "device, or start the login again there.",
          {}};
}

Actor as_user(Actor actor, const User& user) {
  actor.principal.name = user.name;
  return actor;
}

}  // namespace

Task<StartedDeviceLogin> start_device_login(DeviceService& service, std::string client_id,
                                            std::string address) {
  Registry& registry = service.registry;
  if (registry.settings->policy.read_only) co_return fail(Code::read_only);
  if (!is_client_id(client_id))
    co_return fail(Code::bad_request,
                   "client_id must be the program's name: 1 to 64 letters, digits, '.', '_', '-'.");
  const auto now = registry.clock.now();
  const auto user_code = random_user_code(registry.entropy);
  StartedDeviceLogin started{random_base62(registry.entropy, kDeviceCodeLength),
                             shown_user_code(user_code)};
  DeviceLogin login;
  login.id = sha256(started.device_code);
  login.code = sha256(user_code);
  login.client_name = std::move(client_id);
  login.client = client_group(address);
  login.expires = now + kDeviceLoginLife;
  login.interval = kDeviceInterval;
  const auto until = co_await service.logins.put(std::move(login), kDeviceLoginLimits, now);
  if (until)
    co_return std::unexpected(
        too_many(*until - now, "Too many logins wait to be approved", "approve one, or try again"));
  co_return started;
}

Task<DeviceLogin> find_device_login(DeviceService& service, std::string user_code,
                                    std::string address) {
  Registry& registry = service.registry;
  const auto now = registry.clock.now();
  const auto code = normal_user_code(user_code);
  if (!code) co_return std::unexpected(no_such_login());
  if (const auto wait = co_await registry.failures.blocked(guess_key(address), now))
    co_return std::unexpected(
        too_many(*wait, "Too many wrong codes from your address", "try again"));
  auto login = co_await service.logins.find(sha256(*code));
  const bool open = login && login->verdict == DeviceVerdict::waiting && login->expires > now;
  if (open) co_return std::move(*login);
  co_await registry.failures.failed(guess_key(address), now);
  registry.observer.auth_failed("device_code");
  co_return std::unexpected(no_such_login());
}

Task<User> approve_device_login(DeviceService& service, std::string user_code, Login login,
                                Actor actor) {
  Registry& registry = service.registry;
  const auto found = co_await find_device_login(service, user_code, actor.principal.address);
  User user = co_await log_in(registry, std::move(login), actor);
  auto trail = trail_of(registry, as_user(std::move(actor), user), "approve_device_login",
                        "user:" + user.name, found.client_name);
  const bool approved =
      co_await service.logins.decide(found.code, user.id, registry.clock.now(), std::move(trail));
  if (!approved) co_return std::unexpected(no_such_login());
  co_return user;
}

Task<> deny_device_login(DeviceService& service, std::string user_code, Actor actor) {
  Registry& registry = service.registry;
  const auto found = co_await find_device_login(service, user_code, actor.principal.address);
  auto trail =
      trail_of(registry, actor, "deny_device_login", "client:" + found.client, found.client_name);
  const bool denied = co_await service.logins.decide(found.code, std::nullopt, registry.clock.now(),
                                                     std::move(trail));
  if (!denied) co_return std::unexpected(no_such_login());
  co_return {};
}

Task<std::optional<DeviceAnswer>> poll_device_login(DeviceService& service, std::string device_code,
                                                    std::string client_id, Actor actor) {
  Registry& registry = service.registry;
  const auto polled = co_await service.logins.poll(sha256(device_code), registry.clock.now());
  if (!polled || polled->login.client_name != client_id) co_return std::nullopt;
  DeviceAnswer answer{polled->found, polled->login.interval, {}};
  if (answer.found != DevicePoll::approved) co_return answer;
  std::optional<User> user;
  if (polled->login.user) user = co_await registry.accounts.find_user_by_id(*polled->login.user);
  if (user)
    answer.token = co_await issue_login(registry, std::move(*user), polled->login.client_name,
                                        std::move(actor));
  else
    answer.found = DevicePoll::denied;  // the account that approved is gone
  co_return answer;
}

}  // namespace kontor
