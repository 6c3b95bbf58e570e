#pragma once
// What a course costs: the one place where downloads and what resolving says of them ask.
#include "formats/progy/service.h"

namespace kontor::progy {

// Nothing where it is free.
Task<std::optional<Price>> price_of_course(Service& service, PackageId course);

}  // namespace kontor::progy
