#pragma once
// DeviceLoginStore in memory.
#include "adapters/memory/database.h"
#include "ports/device_login_store.h"

namespace kontor::memory {

class DeviceLoginStore final : public kontor::DeviceLoginStore {
 public:
  explicit DeviceLoginStore(Database& database) : database_(database) {}

  Task<std::optional<Timestamp>> put(DeviceLogin login, DeviceLoginLimits limits,
                                     Timestamp now) override;
  Task<std::optional<DeviceLogin>> find(Sha256 code) override;
  Task<bool> decide(Sha256 code, std::optional<UserId> user, Timestamp now,
                    Trail trail = {}) override;
  Task<std::optional<Polled>> poll(Sha256 id, Timestamp now) override;

 private:
  DeviceLogin* find_code(const Sha256& code);

  Database& database_;
};

}  // namespace kontor::memory
