// Key by key: a reloadable change is taken over, any other is named. What makes the two halves of
// a mixture unsafe together waits for a restart as well.
#include "apps/server/config/reload.h"

#include "apps/server/config/keys.h"
#include "apps/server/config/render.h"

namespace kontor::config {

namespace {

bool needs_restart(const Config& running, const Config& wanted, const Key& key) {
  if (key.path.starts_with("tls.")) return running.tls.enabled() != wanted.tls.enabled();
  // The address that was checked against auth.type none is the wanted one, not the running one.
  if (key.path == "auth.type") return wanted.auth.type == AuthType::none;
  return key.apply == Apply::restart;
}

}  // namespace

Reloaded reload(const Config& running, const Config& wanted) {
  Reloaded out{.config = running};
  for (const auto& key : keys()) {
    if (same_value(running, wanted, key)) continue;
    if (needs_restart(running, wanted, key)) {
      out.warnings.push_back(std::string(key.path) + " has changed and needs a restart");
    } else {
      copy_value(wanted, out.config, key);
      out.changed.emplace_back(key.path);
    }
  }
  return out;
}

}  // namespace kontor::config
