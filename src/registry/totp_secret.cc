// A box is bound to the user's name: a copy in another row does not open. Who gives a user another
// name seals the secret anew.
#include "registry/totp_secret.h"

#include "domain/totp.h"
#include "registry/save_user.h"

namespace kontor {
namespace {

constexpr std::uint32_t kPage = 1000;

std::string context_of(const User& user) {
  return "totp:" + user.name;
}

// Boxes carry a nonce and a tag and are never as short as the secret in them.
bool is_open(const User& user) {
  return user.totp_secret.size() == kTotpSecretBytes;
}

}  // namespace

void seal_totp_secret(Registry& registry, User& user, std::string_view secret) {
  user.totp_secret = registry.secrets.seal(secret, context_of(user));
}

Result<Bytes> open_totp_secret(const Registry& registry, const User& user) {
  return registry.secrets.open(user.totp_secret, context_of(user));
}

Task<TotpSecrets> seal_stored_totp_secrets(Registry& registry) {
  TotpSecrets found;
  std::string after;
  for (;;) {
    auto users = co_await registry.accounts.list_users(after, kPage);
    for (User& user : users) {
      after = user.name;
      if (is_open(user)) {
        seal_totp_secret(registry, user, Bytes(user.totp_secret));
        co_await save_user(registry, std::move(user), {});
        ++found.sealed_now;
      } else if (!user.totp_secret.empty() && !open_totp_secret(registry, user)) {
        ++found.unreadable;
      }
    }
    if (users.size() < kPage) co_return found;
  }
}

}  // namespace kontor
