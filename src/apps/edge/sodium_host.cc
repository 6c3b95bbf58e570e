// What libsodium asks of its platform: random bytes from the host, and a start that has nothing to
// do, because only the portable implementations are built.
#include "apps/edge/host.h"

#include <sodium.h>

extern "C" {

int sodium_init() {
  return 0;
}
void sodium_misuse() {
  __builtin_trap();
}
void randombytes_buf(void* const buffer, const size_t size) {
  const auto bytes = kontor::edge::HostEntropy().bytes(size);
  memcpy(buffer, bytes.data(), size);
}
}
