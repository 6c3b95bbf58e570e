// A page that asks who buys, then one that leads to the provider.
#include "registry/purchases/page_handlers.h"

#include "base/encoding.h"
#include "base/sha256.h"
#include "http/query.h"
#include "registry/accounts.h"
#include "registry/password_check.h"
#include "registry/purchases/checkout_page.h"

namespace kontor {
namespace {

constexpr std::uint64_t kMaxForm = 16 * 1024;

// There is no session in the browser that a foreign page could abuse; this refuses forms that were
// not ours at all.
std::string form_token(const std::string& package) {
  return sha256("checkout form:" + package).hex();
}

http::Response note_of(const Error& error) {
  auto page =
      checkout_note(info(error.code).status, "Nothing to buy", std::string(error.message()));
  page.set("kontor-error-code", std::string(info(error.code).name));
  return page;
}

// Of a package that everybody may see; who may see another one need not buy it.
Task<CheckoutPage> page_of(PurchaseService& service, std::string package, std::string base) {
  const auto record = co_await service.registry.packages.find(key_of_goods(package));
  std::optional<Price> price;
  if (record && record->visibility == Visibility::open)
    price = co_await service.purchases.price(record->id);
  if (!price) co_return fail(Code::not_found, "There is no course of this name to buy.");
  CheckoutPage page;
  page.action = std::move(base) + "/billing/checkout/page";
  page.form_token = form_token(package);
  page.package = std::move(package);
  page.price = to_text(*price);
  co_return page;
}

Task<StartedCheckout> log_in_and_buy(PurchaseService& service, const http::Call& call,
                                     std::string package, Login login) {
  Actor actor = actor_of(call);
  const User user = co_await log_in(service.registry, std::move(login), actor);
  actor.principal = password_principal(user, std::string(call.request.address));
  co_return co_await start_purchase(service, std::move(actor), key_of_goods(std::move(package)),
                                    call.base);
}

}  // namespace

PackageKey key_of_goods(std::string name) {
  return {FormatId::progy, std::move(name)};
}

Task<http::Response> show_checkout(PurchaseService& service, const http::Call& call) {
  const auto package = call.request.query_value("package").value_or("");
  const auto page = co_await whole(page_of(service, package, call.base));
  co_return page ? checkout_page(200, *page) : note_of(page.error());
}

// {form, package, name, password, otp?}
Task<http::Response> submit_checkout(PurchaseService& service, const http::Call& call) {
  const Bytes form = co_await http::read_all(call.request.body, kMaxForm);
  const auto field = [&form](std::string_view name) {
    return http::find_query_value(form, name).value_or("");
  };
  const auto package = field("package");
  if (!equal_constant_time(field("form"), form_token(package)))
    co_return note_of({Code::forbidden, "The form is not from our page; begin again.", {}});
  auto page = co_await whole(page_of(service, package, call.base));
  if (!page) co_return note_of(page.error());
  Login login{field("name"), field("password"), field("otp"), {}};
  page->name = login.name;
  const auto started = co_await whole(log_in_and_buy(service, call, package, std::move(login)));
  if (started) co_return pay_page(page->package, page->price, started->url);
  const Error& error = started.error();
  page->refusal = error.message();
  auto again = checkout_page(info(error.code).status, *page);
  again.set("kontor-error-code", std::string(info(error.code).name));
  if (error.retry_after_s) again.set("retry-after", std::to_string(error.retry_after_s));
  co_return again;
}

Task<http::Response> show_success(PurchaseService&, const http::Call&) {
  co_return checkout_note(200, "Thank you",
                          "Your payment is on its way. As soon as the payment provider has "
                          "confirmed it, mostly within seconds, the course is yours: return to "
                          "your terminal and repeat the command.");
}

Task<http::Response> show_cancel(PurchaseService&, const http::Call&) {
  co_return checkout_note(200, "Not bought", "Nothing was paid. This page can be closed.");
}

}  // namespace kontor
