// A host without purchases sells nothing.
#include "formats/progy/access.h"

namespace kontor::progy {

Task<std::optional<Price>> price_of_course(Service& service, PackageId course) {
  if (!service.purchases) co_return std::nullopt;
  co_return co_await price_of(*service.purchases, course);
}

}  // namespace kontor::progy
