// The form of POST /v1/checkout/sessions, and the events of sessions that were paid and of charges
// that were paid back.
#include "adapters/stripe/payments.h"

#include "adapters/stripe/signature.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/sha256.h"

#include <charconv>

namespace kontor::stripe {
namespace {

// What we put into a session and its payment, so that messages tell whose purchase it is.
constexpr std::string_view kUser = "kontor_user";
constexpr std::string_view kPackage = "kontor_package";

class Form {
 public:
  void add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    text_ += percent_encode(name) + "=" + percent_encode(value);
  }
  void add(std::string_view name, std::int64_t value) { add(name, std::to_string(value)); }
  Bytes take() { return std::move(text_); }

 private:
  std::string text_;
};

Bytes form_of(const Checkout& checkout) {
  Form form;
  form.add("mode", "payment");
  form.add("line_items[0][quantity]", 1);
  form.add("line_items[0][price_data][currency]", checkout.price.currency);
  form.add("line_items[0][price_data][unit_amount]", checkout.price.cents);
  form.add("line_items[0][price_data][product_data][name]", checkout.title);
  form.add("success_url", checkout.success_url);
  form.add("cancel_url", checkout.cancel_url);
  for (const std::string place : {"metadata", "payment_intent_data[metadata]"}) {
    form.add(place + "[" + std::string(kUser) + "]", checkout.user.value);
    form.add(place + "[" + std::string(kPackage) + "]", checkout.package.value);
  }
  return form.take();
}

std::string text_at(const Json& object, std::string_view name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

const Json* object_at(const Json& object, std::string_view name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_object() ? &*it : nullptr;
}

std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool tells_of_payment(std::string_view type) {
  return type == "checkout.session.completed" || type == "checkout.session.async_payment_succeeded";
}

// Nothing for what others made with the same account, which has none of our metadata.
std::optional<Payment> payment_of(const Json& object, std::string reference, const char* total) {
  const Json* ours = object_at(object, "metadata");
  const auto user = number_in(ours ? text_at(*ours, kUser) : "");
  const auto package = number_in(ours ? text_at(*ours, kPackage) : "");
  const auto amount = object.find(total);
  const bool priced = amount != object.end() && amount->is_number_unsigned();
  if (!user || !package || !priced || reference.empty()) return std::nullopt;
  const auto paid = make_price(amount->get<std::int64_t>(), text_at(object, "currency"));
  if (!paid) return std::nullopt;
  return Payment{std::move(reference), UserId(*user), PackageId(*package), *paid};
}

// A session and the charge for it have their payment in common.
std::optional<Payment> payment_in(const Json& session) {
  if (text_at(session, "payment_status") != "paid") return std::nullopt;
  auto reference = text_at(session, "payment_intent");
  if (reference.empty()) reference = text_at(session, "id");
  return payment_of(session, std::move(reference), "amount_total");
}

// Nothing where only a part was paid back: what was bought stays bought.
std::optional<Payment> refund_in(const Json& charge) {
  const auto whole = charge.find("refunded");
  if (whole == charge.end() || *whole != true) return std::nullopt;
  auto payment = payment_of(charge, text_at(charge, "payment_intent"), "amount");
  if (payment) payment->refunded = true;
  return payment;
}

}  // namespace

Task<StartedCheckout> Payments::start(Checkout checkout) {
  HttpCall call;
  call.method = "POST";
  call.url = account_.url + "/v1/checkout/sessions";
  call.body = form_of(checkout);
  call.headers = {{"authorization", "Bearer " + account_.key},
                  {"content-type", "application/x-www-form-urlencoded"},
                  {"idempotency-key", sha256(checkout.attempt + "\n" + call.body).hex()}};
  const auto reply = co_await caller_.send(std::move(call));
  const auto body = parse_json(reply.body);
  if (reply.status != 200 || !body || !body->is_object())
    co_return fail(Code::unavailable, "The payment provider does not begin the payment.",
                   "Stripe answered " + std::to_string(reply.status));
  StartedCheckout started{text_at(*body, "id"), text_at(*body, "url")};
  const bool usable = !started.reference.empty() && started.url.starts_with("http");
  if (!usable) co_return fail(Code::unavailable, {}, "Stripe's checkout session has no id or url");
  co_return started;
}

Result<std::optional<Payment>> Payments::read_message(std::string_view signature, ByteView body,
                                                      Timestamp now) const {
  if (auto genuine = verify_signature(signature, body, account_.webhook_secret, now); !genuine)
    return fail(genuine);
  const auto event = parse_json(body);
  if (!event) return std::unexpected(event.error());
  if (!event->is_object()) return fail(Code::invalid_json);
  const Json* data = object_at(*event, "data");
  const Json* object = data ? object_at(*data, "object") : nullptr;
  const auto type = text_at(*event, "type");
  if (object && tells_of_payment(type)) return payment_in(*object);
  if (object && type == "charge.refunded") return refund_in(*object);
  return std::nullopt;
}

}  // namespace kontor::stripe
