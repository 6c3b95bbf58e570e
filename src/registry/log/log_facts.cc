// A fact's name is its kind and what it is about; its value, what would have to be told again.
#include "registry/log/log_facts.h"

#include "base/sha256.h"

namespace kontor {
namespace {

Fact fact_of(std::string kind, std::string about, std::string value, const char* job,
             tlog::Event event) {
  const LogAuthor by{std::nullopt, {tlog::Credential::Kind::job, job, {}}};
  AuditEntry audit{
      .actor = "system", .action = kind, .target = kind + ":" + about, .detail = value};
  std::string name = kind + ":" + about;
  return {
      std::move(name), std::move(value), {LogId::open, std::move(event), by, {}}, std::move(audit)};
}

Fact setting(std::string name, std::string value) {
  tlog::PolicyEvent event{std::nullopt, tlog::Word(name), std::nullopt, value};
  return fact_of("policy", std::move(name), std::move(value), "settings", std::move(event));
}

Fact setting(std::string name, bool value) {
  return setting(std::move(name), std::string(value ? "true" : "false"));
}

Fact setting(std::string name, std::int64_t value) {
  return setting(std::move(name), std::to_string(value));
}

}  // namespace

// What decides who may read and write what. Settings of speed and size are nobody's affair.
Task<std::uint32_t> tell_policy(LogStore& log, Timestamp now, const Settings& settings) {
  const bool open = settings.publish.new_package_visibility == Visibility::open;
  std::vector<Fact> facts = {
      setting("anonymous_read", settings.policy.anonymous_read),
      setting("read_only", settings.policy.read_only),
      setting("registration", settings.accounts.allow_registration),
      setting("without_login", !settings.accounts.everybody.empty()),
      setting("token_max_days", std::int64_t{settings.accounts.token_max_days}),
      setting("new_packages", std::string(open ? "public" : "restricted")),
      setting("refuse_collisions", settings.publish.refuse_collisions),
      setting("unpublish_hours", std::int64_t{settings.publish.unpublish_max_age_hours}),
  };
  return log.tell(now, std::move(facts));
}

Task<std::uint32_t> tell_keys(LogStore& log, Timestamp now, std::vector<RegistryKey> keys) {
  std::vector<Fact> facts;
  for (RegistryKey& key : keys) {
    std::optional<std::uint64_t> expires;
    if (key.expires) expires = static_cast<std::uint64_t>(key.expires->ms / 1000);
    std::string value =
        key.sha256.hex() + (expires ? " expires " + std::to_string(*expires) : std::string());
    const std::string about = key.use + " " + key.id;
    tlog::KeyEvent event{tlog::Word(std::move(key.use)), std::move(key.id), key.sha256, expires};
    facts.push_back(fact_of("key", about, std::move(value), "keys", std::move(event)));
  }
  return log.tell(now, std::move(facts));
}

RegistryKey registry_key(LogId log, const tlog::NoteKey& key, std::optional<Timestamp> since) {
  constexpr ByteView kEd25519("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
  const std::string vkey = tlog::print_vkey(key);
  return {"log_" + std::string(to_string(log)), vkey.substr(0, vkey.find('+', vkey.find('+') + 1)),
          sha256(Bytes(kEd25519) + Bytes(key.public_key.view())), since};
}

RegistryKey registry_key(const ReleaseKey& key) {
  return {"releases", key.id, sha256(key.public_key), key.expires};
}

Task<std::vector<RegistryKey>> registry_keys(KeyHolders holders) {
  std::vector<RegistryKey> keys;
  for (const LogId log : kLogs) {
    for (const auto& key : co_await holders.logs.log_keys(log))
      keys.push_back(registry_key(log, key));
    for (const auto& [key, since] : co_await holders.keeper.retired_log_keys(log))
      keys.push_back(registry_key(log, key, since));
  }
  for (const auto& key : co_await holders.releases.release_keys())
    keys.push_back(registry_key(key));
  co_return keys;
}

}  // namespace kontor
