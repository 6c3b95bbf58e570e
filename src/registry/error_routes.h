#pragma once
// /api/errors: the server's own failures, for its administrators. Row HLT-02.
#include "ports/error_book.h"
#include "registry/gateway.h"

#include <span>

namespace kontor {

struct ErrorService {
  ErrorBook& book;
};

std::span<const RouteEntry<ErrorService>> error_routes();

}  // namespace kontor
