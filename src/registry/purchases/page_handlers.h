#pragma once
// The handlers of the pages; part of routes.cc.
#include "http/route.h"
#include "registry/purchases/purchases.h"

namespace kontor {

// Courses are what is sold.
PackageKey key_of_goods(std::string name);

Task<http::Response> show_checkout(PurchaseService& service, const http::Call& call);
Task<http::Response> submit_checkout(PurchaseService& service, const http::Call& call);
Task<http::Response> show_success(PurchaseService& service, const http::Call& call);
Task<http::Response> show_cancel(PurchaseService& service, const http::Call& call);

}  // namespace kontor
