#pragma once
// Logins begun on a device (domain/device_login.h), for all servers of one store.
#include "base/task.h"
#include "domain/device_login.h"
#include "ports/audit_entry.h"

#include <cstdint>
#include <optional>

namespace kontor {

// How many may wait at the same time: anybody may start one.
struct DeviceLoginLimits {
  std::uint32_t per_client = 0;
  std::uint32_t in_all = 0;
};

// For how long a login that has expired is still told from one that never was.
inline constexpr Duration kExpiredDeviceLoginStays = minutes(15);

// Thread: one instance belongs to one loop. Writes are durable when their task has succeeded, and
// so is their trail; after an error nothing has changed.
class DeviceLoginStore {
 public:
  virtual ~DeviceLoginStore() = default;

  // Forgets what has expired long enough ago. Yields nothing where the login is stored; where as
  // many as `limits` permit are waiting, the time at which the first of them expires. conflict
  // where id or code are taken.
  virtual Task<std::optional<Timestamp>> put(DeviceLogin login, DeviceLoginLimits limits,
                                             Timestamp now) = 0;
  // By its user code. Expired and decided ones are found too; the caller judges.
  virtual Task<std::optional<DeviceLogin>> find(Sha256 code) = 0;
  // Approves it for `user`, or denies it where that is nothing. False where it is gone, expired at
  // `now` or decided already.
  virtual Task<bool> decide(Sha256 code, std::optional<UserId> user, Timestamp now,
                            Trail trail = {}) = 0;
  // Notes a poll as poll_device_login() has it, and yields what it finds with the login as it then
  // is. A login that was decided is removed by that: at most one caller gets it. Nothing where it
  // is gone. A poll that changes nothing costs no write.
  struct Polled {
    DevicePoll found = DevicePoll::waiting;
    DeviceLogin login;
  };
  virtual Task<std::optional<Polled>> poll(Sha256 id, Timestamp now) = 0;
};

}  // namespace kontor
