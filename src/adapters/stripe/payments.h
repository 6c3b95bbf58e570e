#pragma once
// Stripe Checkout: a session for each purchase, and the messages that tell it was paid.
#include "ports/http_caller.h"
#include "ports/payment_provider.h"

namespace kontor::stripe {

struct Account {
  std::string url = "https://api.stripe.com";  // without a final slash
  std::string key;                             // secret: goes into one header, nowhere else
  std::string webhook_secret;
};

class Payments final : public PaymentProvider {
 public:
  Payments(HttpCaller& caller, Account account) : caller_(caller), account_(std::move(account)) {}

  std::string_view name() const override { return "stripe"; }
  Task<StartedCheckout> start(Checkout checkout) override;
  std::string_view signature_header() const override { return "stripe-signature"; }
  Result<std::optional<Payment>> read_message(std::string_view signature, ByteView body,
                                              Timestamp now) const override;

 private:
  HttpCaller& caller_;
  const Account account_;
};

}  // namespace kontor::stripe
