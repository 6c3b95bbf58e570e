#pragma once
// Who may have the bytes of a course: the one place where downloads, assets and what resolving says
// of them ask.
#include "formats/progy/service.h"
#include "http/route.h"

namespace kontor::progy {

// The course, where the caller may have its bytes. Private courses are for their owners and
// administrators; for everybody else they are not there (not_found).
Task<PackageRecord> load_fetchable(Service& service, const http::Call& call, PackageKey key);

// What the course costs; nothing where it is free.
Task<std::optional<Price>> price_of_course(Service& service, PackageId course);

}  // namespace kontor::progy
