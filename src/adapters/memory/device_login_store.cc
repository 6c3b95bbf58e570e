// A map by id; codes are searched.
#include "adapters/memory/device_login_store.h"

#include "adapters/memory/log_store.h"

#include <algorithm>

namespace kontor::memory {

DeviceLogin* DeviceLoginStore::find_code(const Sha256& code) {
  for (auto& [id, login] : database_.device_logins)
    if (login.code == code) return &login;
  return nullptr;
}

Task<std::optional<Timestamp>> DeviceLoginStore::put(DeviceLogin login, DeviceLoginLimits limits,
                                                     Timestamp now) {
  auto& rows = database_.device_logins;
  if (rows.contains(login.id) || find_code(login.code)) co_return fail(Code::conflict);
  std::erase_if(
      rows, [&](const auto& row) { return row.second.expires + kExpiredDeviceLoginStays <= now; });
  std::vector<Timestamp> all;
  std::vector<Timestamp> same_client;
  for (const auto& [id, other] : rows) {
    if (other.expires <= now) continue;
    all.push_back(other.expires);
    if (other.client == login.client) same_client.push_back(other.expires);
  }
  if (same_client.size() >= limits.per_client) co_return std::ranges::min(same_client);
  if (all.size() >= limits.in_all) co_return std::ranges::min(all);
  rows.emplace(login.id, std::move(login));
  co_return std::nullopt;
}

Task<std::optional<DeviceLogin>> DeviceLoginStore::find(Sha256 code) {
  const DeviceLogin* login = find_code(code);
  co_return login ? std::optional(*login) : std::nullopt;
}

Task<bool> DeviceLoginStore::decide(Sha256 code, std::optional<UserId> user, Timestamp now,
                                    Trail trail) {
  DeviceLogin* login = find_code(code);
  if (!login || login->verdict != DeviceVerdict::waiting || login->expires <= now) co_return false;
  co_await append_trail(database_, trail);
  login->verdict = user ? DeviceVerdict::approved : DeviceVerdict::denied;
  login->user = user;
  co_return true;
}

Task<std::optional<DeviceLoginStore::Polled>> DeviceLoginStore::poll(Sha256 id, Timestamp now) {
  const auto it = database_.device_logins.find(id);
  if (it == database_.device_logins.end()) co_return std::nullopt;
  const auto found = poll_device_login(it->second, now);
  Polled polled{found, it->second};
  if (found == DevicePoll::approved || found == DevicePoll::denied)
    database_.device_logins.erase(it);
  co_return polled;
}

}  // namespace kontor::memory
