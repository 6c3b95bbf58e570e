// Lists and single groups, as they are remembered.
#include "registry/error_routes.h"

#include "registry/error_list.h"
#include "registry/json_body.h"

#include <array>

namespace kontor {
namespace {

using http::Access;
using http::Method;
using Entry = RouteEntry<ErrorService>;

Task<http::Response> list_errors(ErrorService& service, const http::Call&) {
  const auto groups = co_await service.book.list();
  co_return private_json(200, {{"errors", to_json(groups)}});
}

Task<http::Response> show_error(ErrorService& service, const http::Call& call) {
  const auto group = co_await service.book.find(call.params["id"]);
  if (!group)
    co_return fail(Code::not_found,
                   "No failure of this id is remembered; the log may still have it.");
  co_return private_json(200, to_json(*group));
}

Task<http::Response> clear_errors(ErrorService& service, const http::Call&) {
  co_await service.book.clear();
  co_return private_json(200, {{"ok", true}});
}

constexpr std::array kRoutes = {
    Entry{{Method::get, "/api/errors", Access::admin,
           "The server's failures (answers of 500 and above) by what went wrong."},
          list_errors},
    Entry{{Method::get, "/api/errors/:id", Access::admin,
           "One of them, by its id or by the id of a request that failed so."},
          show_error},
    Entry{{Method::del, "/api/errors", Access::admin, "Forgets them."}, clear_errors},
};

}  // namespace

std::span<const RouteEntry<ErrorService>> error_routes() {
  return kRoutes;
}

}  // namespace kontor
