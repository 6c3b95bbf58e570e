// The arranging half of the account tests.
#include "tests/support/account_world.h"

#include "base/encoding.h"
#include "base/sha256.h"
#include "domain/totp.h"
#include "registry/authenticate.h"
#include "registry/password_check.h"
#include "registry/totp_secret.h"

namespace kontor::test {
namespace {

constexpr const char* kTotpSecret = "12345678901234567890";

}  // namespace

Task<std::string> DigestPasswordHasher::hash(std::string password) {
  ++hashed;
  co_return "$new$" + sha256(password).hex();
}

Task<bool> DigestPasswordHasher::verify(std::string phc, std::string password) {
  ++verified;
  const std::string digest = sha256(password).hex();
  co_return phc == "$new$" + digest || phc == "$old$" + digest;
}

std::string DigestPasswordHasher::old_hash(const std::string& password) {
  return "$old$" + sha256(password).hex();
}

AccountWorld::AccountWorld()
    : registry{packages,
               accounts,
               blobs,
               clock,
               entropy,
               passwords,
               secrets,
               failures,
               observer,
               credentials,
               documents, answers,
               downloads,
               {advisories, {}},
               processor,
               rates,
               std::make_shared<const Settings>()} {}

User AccountWorld::add_user(const std::string& name, const std::string& password, bool admin) {
  User row;
  row.name = name;
  row.email = name + "@example.org";
  row.is_admin = admin;
  row.password_hash = "$new$" + sha256(password).hex();
  row.created = row.updated = clock.now();
  EXPECT_TRUE(run(accounts.create_user(row)));
  return user(name);
}

User AccountWorld::user(const std::string& name) {
  const auto* found = database.find_user(name);
  EXPECT_TRUE(found) << name;
  return found ? *found : User{};
}

Actor AccountWorld::actor(const std::string& name) {
  return {password_principal(user(name), "192.0.2.1"), "request-1"};
}

Actor AccountWorld::stranger(const std::string& address) {
  Actor actor;
  actor.principal.address = address;
  actor.request_id = "request-1";
  return actor;
}

std::string AccountWorld::add_token(const std::string& name, const std::string& password,
                                    TokenWish wish) {
  auto issued = run(issue_token(registry, actor(name), password, std::move(wish)));
  EXPECT_TRUE(issued) << (issued ? "" : issued.error().message());
  return issued ? issued->text : std::string{};
}

void AccountWorld::add_two_factor(const std::string& name, TwoFactorMode mode) {
  User row = user(name);
  row.two_factor = mode;
  seal_totp_secret(registry, row, kTotpSecret);
  EXPECT_TRUE(run(accounts.update_user(row)));
}

std::string AccountWorld::totp_secret(const std::string& name) {
  const auto secret = open_totp_secret(registry, user(name));
  EXPECT_TRUE(secret);
  return secret.value_or("");
}

std::string AccountWorld::one_time_password(std::int64_t steps_ahead) const {
  const auto step = totp_step(clock.now()) + steps_ahead;
  return hotp(kTotpSecret, static_cast<std::uint64_t>(step), 6);
}

Result<Principal> AccountWorld::authenticate(const std::string& header,
                                             const std::string& address) {
  return run(kontor::authenticate(registry, header, address));
}

std::vector<std::string> AccountWorld::audited() const {
  std::vector<std::string> actions;
  for (const auto& row : database.audit) actions.push_back(row.entry.action);
  return actions;
}

std::string AccountWorld::everything_stored() const {
  std::string out;
  const auto add = [&](std::string_view text) { (out += text) += '\n'; };
  for (const auto& [id, user] : database.users) {
    for (const auto& text : {user.name, user.email, user.password_hash, user.profile,
                             user.totp_secret, user.totp_last_by})
      add(text);
    for (const auto& code : user.recovery_codes) add(code.hex()), add(code.view());
  }
  for (const auto& [key, token] : database.tokens) {
    for (const auto& text : {key, token.key, token.name, token.shown, token.secret.hex()})
      add(text);
    add(token.secret.view());
    for (const auto& text : token.cidrs) add(text);
    for (const auto& text : token.packages) add(text);
  }
  for (const auto& [id, login] : database.web_logins) {
    for (const auto& digest : {id, login.id, login.page}) add(digest.hex()), add(digest.view());
  }
  for (const auto& [id, login] : database.device_logins) {
    for (const auto& digest : {id, login.code}) add(digest.hex()), add(digest.view());
    add(login.client_name);
    add(login.client);
  }
  for (const auto& row : database.audit) {
    const auto& e = row.entry;
    for (const auto& text :
         {e.actor, e.token_key, e.address, e.action, e.target, e.detail, e.request_id})
      add(text);
  }
  return out;
}

std::string basic(const std::string& name, const std::string& password) {
  return "Basic " + to_base64(name + ":" + password);
}

}  // namespace kontor::test
