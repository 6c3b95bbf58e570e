// Downloads go in one batch; tokens are few, at most one write a minute each.
#include "registry/write_back.h"

#include "registry/account_tokens.h"
#include "registry/download_tally.h"

namespace kontor {

Task<> write_back(Registry& registry) {
  if (!registry.downloads.empty()) co_await registry.downloads.flush(registry.packages);
  co_await write_token_uses(registry);
  co_return {};
}

}  // namespace kontor
