// Decode, call the use case, encode.
#include "registry/purchases/routes.h"

#include "registry/json_body.h"
#include "registry/purchases/page_handlers.h"

#include <array>
#include <charconv>

namespace kontor {
namespace {

using http::Access;
using http::Method;
using Entry = RouteEntry<PurchaseService>;

constexpr std::uint64_t kMaxMessage = 256 * 1024;

Result<Price> price_in(const Json& body) {
  const Json* cents = find_field(body, "cents");
  if (!cents || !cents->is_number_integer())
    return fail(Code::invalid_json, "The field cents must be a whole number.");
  auto currency = required_text_field(body, "currency");
  if (!currency) return fail(currency);
  return make_price(cents->get<std::int64_t>(), *currency);
}

// --- prices --------------------------------------------------------------------------------------

Task<http::Response> get_price(PurchaseService& service, const http::Call& call) {
  const auto price = co_await load_price(service, call.principal, key_of_goods(call.params["pkg"]));
  co_return private_json(200, {{"price", price ? price_object(*price) : Json(nullptr)}});
}

// {cents, currency}
Task<http::Response> put_price(PurchaseService& service, const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  const Price price = co_await price_in(body);
  co_await set_price(service, actor_of(call), key_of_goods(call.params["pkg"]), price);
  co_return private_json(200, {{"price", price_object(price)}});
}

Task<http::Response> delete_price(PurchaseService& service, const http::Call& call) {
  co_await set_price(service, actor_of(call), key_of_goods(call.params["pkg"]), std::nullopt);
  co_return private_json(200, {{"price", nullptr}});
}

// --- buying --------------------------------------------------------------------------------------

// {package}
Task<http::Response> post_checkout(PurchaseService& service, const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  auto package = co_await required_text_field(body, "package");
  const auto started =
      co_await start_purchase(service, actor_of(call), key_of_goods(std::move(package)), call.base);
  co_return private_json(200, {{"id", started.reference}, {"url", started.url}});
}

Task<http::Response> post_webhook(PurchaseService& service, const http::Call& call) {
  Bytes body = co_await http::read_all(call.request.body, kMaxMessage);
  std::string signature;
  if (service.payments) signature = call.request.header(service.payments->signature_header());
  co_await take_payment_message(service, actor_of(call), std::move(signature), std::move(body));
  co_return private_json(200, {{"received", true}});
}

// --- administration ------------------------------------------------------------------------------

Json purchase_object(const ListedPurchase& listed) {
  const Purchase& purchase = listed.purchase;
  return {{"id", purchase.id},
          {"user", listed.user},
          {"package", listed.package.name},
          {"price", price_object(purchase.paid)},
          {"provider", purchase.provider},
          {"reference", purchase.reference},
          {"created", rfc3339(purchase.created)},
          {"revoked", purchase.revoked ? Json(rfc3339(*purchase.revoked)) : Json(nullptr)}};
}

std::uint32_t number_in(const http::Request& request, std::string_view name,
                        std::uint32_t otherwise) {
  const auto text = request.query_value(name).value_or("");
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole_text = error == std::errc{} && end == text.data() + text.size();
  return whole_text ? number : otherwise;
}

// ?user=&package=&offset=&limit=
Task<http::Response> get_purchases(PurchaseService& service, const http::Call& call) {
  PurchaseFilter filter;
  filter.user = call.request.query_value("user").value_or("");
  const auto package = call.request.query_value("package").value_or("");
  if (!package.empty()) filter.package = key_of_goods(package);
  filter.offset = number_in(call.request, "offset", 0);
  filter.limit = number_in(call.request, "limit", filter.limit);
  const auto found = co_await list_purchases(service, call.principal, std::move(filter));
  Json purchases = Json::array();
  for (const auto& listed : found) purchases.push_back(purchase_object(listed));
  co_return private_json(200, {{"purchases", std::move(purchases)}});
}

// {user, package}
Task<http::Response> post_purchase(PurchaseService& service, const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  Grant grant;
  grant.user = co_await required_text_field(body, "user");
  grant.package = key_of_goods(co_await required_text_field(body, "package"));
  const auto purchase = co_await grant_purchase(service, actor_of(call), grant);
  co_return private_json(201, purchase_object({purchase, grant.user, grant.package}));
}

Task<http::Response> delete_purchase(PurchaseService& service, const http::Call& call) {
  co_await revoke_purchase(service, actor_of(call), call.params["id"]);
  co_return private_json(200, {{"ok", true}});
}

constexpr std::array kRoutes = {
    Entry{{Method::get, "/billing/checkout", Access::open,
           "The page that asks who buys the course `?package=`, and leads to the payment."},
          show_checkout},
    Entry{{Method::post, "/billing/checkout/page", Access::open, "The form of that page."},
          submit_checkout},
    Entry{{Method::post, "/billing/checkout", Access::account,
           "Begins a payment for `{package}`; answers `{id, url}` of the provider's page."},
          post_checkout},
    Entry{{Method::get, "/billing/success", Access::open, "Where the browser goes after paying."},
          show_success},
    Entry{{Method::get, "/billing/cancel", Access::open,
           "Where the browser goes when nothing was paid."},
          show_cancel},
    Entry{{Method::post, "/billing/webhook", Access::open,
           "Messages of the payment provider, signed by it."},
          post_webhook},
    Entry{{Method::get, "/billing/prices/:pkg", Access::read, "What a course costs."}, get_price},
    Entry{{Method::put, "/billing/prices/:pkg", Access::full,
           "Sets it, `{cents, currency}`; for its owners and administrators."},
          put_price},
    Entry{{Method::del, "/billing/prices/:pkg", Access::full, "Makes the course free again."},
          delete_price},
    Entry{{Method::get, "/-/kontor/v1/purchases", Access::admin,
           "Lists purchases, newest first; `?user=` and `?package=` choose."},
          get_purchases},
    Entry{{Method::post, "/-/kontor/v1/purchases", Access::admin,
           "Gives a course to a user without a payment: `{user, package}`."},
          post_purchase},
    Entry{{Method::del, "/-/kontor/v1/purchases/:id", Access::admin, "Revokes a purchase."},
          delete_purchase},
};

}  // namespace

std::span<const RouteEntry<PurchaseService>> purchase_routes() {
  return kRoutes;
}

}  // namespace kontor
