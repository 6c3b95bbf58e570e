// Handing a package to another user, in two steps by two people. Row ORI-09.
#include "formats/ori/handler_support.h"
#include "formats/ori/handlers.h"
#include "registry/json_body.h"
#include "registry/transfers.h"

namespace kontor::ori {
namespace {

Task<Json> transfer_object(Registry& registry, PackageKey key, Transfer transfer) {
  const auto from = co_await registry.accounts.find_user_by_id(transfer.from);
  const auto to = co_await registry.accounts.find_user_by_id(transfer.to);
  co_return Json{{"id", transfer.id},
                 {"package", key.name},
                 {"from", from ? from->name : ""},
                 {"to", to ? to->name : ""},
                 {"offeredAt", rfc3339(transfer.offered)},
                 {"expiresAt", rfc3339(transfer.expires)}};
}

http::Response done(const PackageKey& key, std::string_view state) {
  return fresh({{"package", key.name}, {"state", state}});
}

}  // namespace

Task<http::Response> get_transfer(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  const auto transfer = co_await pending_transfer(service.registry, call.principal, key);
  co_return fresh(co_await transfer_object(service.registry, key, transfer));
}

// {"to": user}
Task<http::Response> post_transfer(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  const Json body = co_await read_json_object(call.request.body);
  auto to = co_await required_text_field(body, "to");
  const auto transfer =
      co_await offer_transfer(service.registry, actor_of(call), key, std::move(to));
  co_return private_json(202, co_await transfer_object(service.registry, key, transfer));
}

Task<http::Response> delete_transfer(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  co_await cancel_transfer(service.registry, actor_of(call), key);
  co_return done(key, "withdrawn");
}

Task<http::Response> post_accept(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  co_await accept_transfer(service.registry, actor_of(call), key);
  co_return done(key, "accepted");
}

Task<http::Response> post_reject(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  co_await reject_transfer(service.registry, actor_of(call), key);
  co_return done(key, "rejected");
}

}  // namespace kontor::ori
