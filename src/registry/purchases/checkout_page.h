#pragma once
// The pages on which a person buys a package in a browser.
#include "http/message.h"

#include <string>

namespace kontor {

struct CheckoutPage {
  std::string form_token;  // proves that a form was filled in on this page
  std::string action;      // where the form goes
  std::string package;
  std::string price;    // as people read it
  std::string name;     // shown again after a refusal
  std::string refusal;  // of the last try; empty: first show
};
http::Response checkout_page(std::uint16_t status, const CheckoutPage& page);

// Leads to the provider's page.
http::Response pay_page(const std::string& package, const std::string& price,
                        const std::string& url);

// Pages without a form.
http::Response checkout_note(std::uint16_t status, const std::string& title,
                             const std::string& sentence);

}  // namespace kontor
