#pragma once
// AccountStore on SQLite. Reads run on the caller's thread and cost some microseconds each (lists:
// their page); find_token(), which every authenticated request asks, is one indexed join.
#include "adapters/sqlite/session.h"
#include "ports/account_store.h"

namespace kontor::sqlite {

class AccountStore final : public kontor::AccountStore {
 public:
  explicit AccountStore(Session& session) : session_(session) {}

  Task<UserId> create_user(User user, Trail trail = {}) override;
  Task<std::optional<User>> find_user(std::string name) override;
  Task<std::optional<User>> find_user_by_id(UserId id) override;
  Task<> update_user(User user, Trail trail = {}) override;
  Task<> rename_user(User user, Trail trail = {}) override;
  Task<std::optional<User>> find_renamed_user(std::string former) override;
  // Costs the writer 0.2 ms for each package the user has a role on.
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
  std::optional<std::uint64_t> stamp() const override {
    return session_.stamp(ChangeStamps::kEverything);
  }

 private:
  Session& session_;
};

}  // namespace kontor::sqlite
