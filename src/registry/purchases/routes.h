#pragma once
// Prices, buying and its administration over HTTP. Errors are rendered by error_body().
#include "registry/gateway.h"
#include "registry/purchases/purchases.h"

#include <span>

namespace kontor {

std::span<const RouteEntry<PurchaseService>> purchase_routes();

}  // namespace kontor
