#pragma once
// AccountStore in memory: for tests and the edge's smoke test. Every task finishes inline.
#include "adapters/memory/database.h"

namespace kontor::memory {

class AccountStore final : public kontor::AccountStore {
 public:
  explicit AccountStore(Database& database) : database_(database) {}

  Task<UserId> create_user(User user, Trail trail = {}) override;
  Task<std::optional<User>> find_user(std::string name) override;
  Task<std::optional<User>> find_user_by_id(UserId id) override;
  Task<> update_user(User user, Trail trail = {}) override;
  Task<> rename_user(User user, Trail trail = {}) override;
  Task<std::optional<User>> find_renamed_user(std::string former) override;
  Task<> remove_user(UserId id, Trail trail = {}) override;
  Task<std::vector<User>> list_users(std::string after, std::uint32_t limit) override;
  Task<std::uint64_t> count_users() override;

  Task<> put_token(TokenRecord token, Trail trail = {}) override;
  Task<std::optional<TokenOwner>> find_token(Sha256 secret) override;
  Task<TokenPage> list_tokens(UserId user, std::uint32_t offset, std::uint32_t limit) override;
  Task<bool> remove_token(UserId user, std::string key, Trail trail = {}) override;
  Task<> touch_token(std::string key, Timestamp used) override;

  Task<std::optional<User>> find_session_user(UserId user, std::string session) override;
  Task<> revoke_session(RevokedSession session, Timestamp now, Trail trail = {}) override;

  Task<std::optional<Timestamp>> put_web_login(WebLogin login, WebLoginLimits limits,
                                               Timestamp now) override;
  Task<std::optional<WebLogin>> find_web_login(Sha256 id) override;
  Task<std::optional<WebLogin>> find_web_login_page(Sha256 page) override;
  Task<bool> approve_web_login(Sha256 page, UserId user, Timestamp now, Trail trail = {}) override;
  Task<std::optional<WebLogin>> take_web_login(Sha256 id) override;

  Task<std::uint64_t> remove_expired(Timestamp now, std::uint32_t limit) override;
  std::optional<std::uint64_t> stamp() const override { return database_.changes; }

 private:
  bool is_free(const std::string& name, UserId user) const;
  WebLogin* find_page(const Sha256& page);
  void add_events_of_removal(UserId id, Trail& trail) const;

  Database& database_;
};

}  // namespace kontor::memory
