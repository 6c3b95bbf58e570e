// Their number is limited at each insertion, which counts those that wait by an index.
#include "adapters/sqlite/device_login_store.h"

#include "adapters/sqlite/log_rows.h"

namespace kontor::sqlite {
namespace {

using Polled = kontor::DeviceLoginStore::Polled;

DeviceLogin read_login(const Row& row) {
  DeviceLogin login;
  login.id = row.digest<Sha256>(0);
  login.code = row.digest<Sha256>(1);
  login.client_name = row.text(2);
  login.client = row.text(3);
  login.expires = row.time(4);
  login.interval = {row.integer(5)};
  login.polled = row.optional_time(6);
  login.verdict = static_cast<DeviceVerdict>(row.integer(7));
  if (!row.is_null(8)) login.user = UserId(row.integer(8));
  return login;
}

Result<std::optional<DeviceLogin>> load_login(Connection& db, const Sha256& id) {
  return db.one(
      "SELECT id, code, client_name, client, expires, poll_interval, polled, verdict, user"
      " FROM device_logins WHERE id = ?",
      read_login, id);
}

Result<std::optional<DeviceLogin>> load_by_code(Connection& db, const Sha256& code) {
  return db.one(
      "SELECT id, code, client_name, client, expires, poll_interval, polled, verdict, user"
      " FROM device_logins WHERE code = ?",
      read_login, code);
}

// When the first of the logins that `limits` count together expires; nothing where one more may
// wait.
Result<std::optional<Timestamp>> time_to_wait(Connection& db, const std::string& client,
                                              DeviceLoginLimits limits, Timestamp now) {
  const auto counted = [](const Row& row) { return std::pair(row.count(0), row.time(1)); };
  const auto mine =
      db.one("SELECT count(*), min(expires) FROM device_logins WHERE client = ? AND expires > ?",
             counted, client, now);
  if (!mine) return std::unexpected(mine.error());
  if (*mine && (*mine)->first >= limits.per_client) return (*mine)->second;
  const auto all =
      db.one("SELECT count(*), min(expires) FROM device_logins WHERE expires > ?", counted, now);
  if (!all) return std::unexpected(all.error());
  if (*all && (*all)->first >= limits.in_all) return (*all)->second;
  return std::nullopt;
}

Result<std::optional<Timestamp>> insert_login(Connection& db, const DeviceLogin& login,
                                              DeviceLoginLimits limits, Timestamp now) {
  const auto taken =
      db.exists("SELECT 1 FROM device_logins WHERE id = ? OR code = ?", login.id, login.code);
  if (!taken) return std::unexpected(taken.error());
  if (*taken) return fail(Code::conflict);
  auto wait = time_to_wait(db, login.client, limits, now);
  if (!wait) return wait;
  auto done =
      db.run("DELETE FROM device_logins WHERE expires <= ?", now - kExpiredDeviceLoginStays);
  if (!done) return fail(done);
  if (*wait) return wait;
  const auto user = login.user ? std::optional(login.user->value) : std::nullopt;
  done = db.run(
      "INSERT INTO device_logins (id, code, client_name, client, expires, poll_interval, polled,"
      " verdict, user) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      login.id, login.code, login.client_name, login.client, login.expires, login.interval.ms,
      login.polled, login.verdict, user);
  if (!done) return fail(done);
  return std::nullopt;
}

bool is_decided(DevicePoll found) {
  return found == DevicePoll::approved || found == DevicePoll::denied;
}

Polled polled_at(DeviceLogin login, Timestamp now) {
  const auto found = poll_device_login(login, now);
  return {found, std::move(login)};
}

// Whether the poll leaves anything to write.
bool changes(const DeviceLogin& before, const Polled& after) {
  return is_decided(after.found) || before.polled != after.login.polled ||
         before.interval != after.login.interval;
}

Result<std::optional<Polled>> note_poll(Connection& db, const Sha256& id, Timestamp now) {
  const auto login = load_login(db, id);
  if (!login) return std::unexpected(login.error());
  if (!*login) return std::nullopt;
  auto polled = polled_at(**login, now);
  const auto& after = polled.login;
  auto done = is_decided(polled.found)
                  ? db.run("DELETE FROM device_logins WHERE id = ?", id)
                  : db.run("UPDATE device_logins SET poll_interval = ?, polled = ? WHERE id = ?",
                           after.interval.ms, after.polled, id);
  if (!done) return fail(done);
  return polled;
}

}  // namespace

Task<std::optional<Timestamp>> DeviceLoginStore::put(DeviceLogin login, DeviceLoginLimits limits,
                                                     Timestamp now) {
  return session_.write<std::optional<Timestamp>>(
      [login = std::move(login), limits, now](Connection& db) {
        return insert_login(db, login, limits, now);
      },
      ChangeStamps::kNothing);
}

Task<std::optional<DeviceLogin>> DeviceLoginStore::find(Sha256 code) {
  return session_.read([code](Connection& db) { return load_by_code(db, code); });
}

Task<bool> DeviceLoginStore::decide(Sha256 code, std::optional<UserId> user, Timestamp now,
                                    Trail trail) {
  return session_.write<bool>(
      [code, user, now, trail = std::move(trail)](Connection& db) -> Result<bool> {
        const auto login = load_by_code(db, code);
        if (!login) return std::unexpected(login.error());
        if (!*login || (*login)->verdict != DeviceVerdict::waiting || (*login)->expires <= now)
          return false;
        const auto verdict = user ? DeviceVerdict::approved : DeviceVerdict::denied;
        const auto by = user ? std::optional(user->value) : std::nullopt;
        auto done = db.run("UPDATE device_logins SET verdict = ?, user = ? WHERE code = ?", verdict,
                           by, code);
        if (done) done = add_trail(db, trail);
        if (!done) return fail(done);
        return true;
      },
      ChangeStamps::kNothing);
}

Task<std::optional<Polled>> DeviceLoginStore::poll(Sha256 id, Timestamp now) {
  const auto seen = co_await session_.read([id](Connection& db) { return load_login(db, id); });
  if (!seen) co_return std::nullopt;
  auto found = polled_at(*seen, now);
  if (!changes(*seen, found)) co_return found;
  co_return co_await session_.write<std::optional<Polled>>(
      [id, now](Connection& db) { return note_poll(db, id, now); }, ChangeStamps::kNothing);
}

}  // namespace kontor::sqlite
