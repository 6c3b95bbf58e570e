#pragma once
// DeviceLoginStore as rows.
#include "adapters/sqlite/session.h"
#include "ports/device_login_store.h"

namespace kontor::sqlite {

class DeviceLoginStore final : public kontor::DeviceLoginStore {
 public:
  explicit DeviceLoginStore(Session& session) : session_(session) {}

  Task<std::optional<Timestamp>> put(DeviceLogin login, DeviceLoginLimits limits,
                                     Timestamp now) override;
  Task<std::optional<DeviceLogin>> find(Sha256 code) override;
  Task<bool> decide(Sha256 code, std::optional<UserId> user, Timestamp now,
                    Trail trail = {}) override;
  Task<std::optional<Polled>> poll(Sha256 id, Timestamp now) override;

 private:
  Session& session_;
};

}  // namespace kontor::sqlite
