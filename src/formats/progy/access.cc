// What the policy of all formats says, nothing less.
#include "formats/progy/access.h"

#include "registry/packages.h"

namespace kontor::progy {

Task<PackageRecord> load_fetchable(Service& service, const http::Call& call, PackageKey key) {
  return load_readable(service.registry, call.principal, std::move(key));
}

}  // namespace kontor::progy
