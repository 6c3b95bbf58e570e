// What the policy of all formats says, nothing less.
#include "formats/progy/access.h"

#include "registry/packages.h"

namespace kontor::progy {

Task<PackageRecord> load_fetchable(Service& service, const http::Call& call, PackageKey key) {
  return load_readable(service.registry, call.principal, std::move(key));
}

Task<std::optional<Price>> price_of_course(Service& service, PackageId course) {
  if (!service.purchases) co_return std::nullopt;
  co_return co_await price_of(*service.purchases, course);
}

}  // namespace kontor::progy
