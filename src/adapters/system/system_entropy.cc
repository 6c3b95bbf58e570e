// getrandom(2) without flags blocks only until the kernel's pool is first seeded and then never
// fails but for a signal.
#include "adapters/system/system_entropy.h"

#include "base/check.h"

#include <cerrno>
#include <sys/random.h>

namespace kontor::host {

Bytes SystemEntropy::bytes(std::size_t count) {
  Bytes out(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const auto n = getrandom(out.data() + filled, count - filled, 0);
    if (n < 0 && errno == EINTR) continue;
    check(n > 0, "getrandom failed");
    filled += static_cast<std::size_t>(n);
  }
  return out;
}

}  // namespace kontor::host
