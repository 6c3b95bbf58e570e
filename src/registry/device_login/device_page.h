#pragma once
// The pages on which a person finds the login of a device by its code and decides about it.
#include "domain/device_login.h"
#include "http/message.h"

#include <string>

namespace kontor {

// Asks for the code; `refusal` says why the last one was not taken.
http::Response device_code_page(std::uint16_t status, const std::string& refusal);

struct DeviceDecisionPage {
  std::string form_token;  // proves that a form was filled in on this page
  std::string user_code;   // in normal form
  std::string asks;        // name of the program
  std::string from;        // where it runs: an address or a block of them
  std::string name;        // shown again after a refusal
  std::string refusal;     // of the last try; empty: first show
};
http::Response device_decision_page(std::uint16_t status, const DeviceDecisionPage& page);

// Pages without a form: the decision is made.
http::Response device_approved_page(const std::string& user);
http::Response device_denied_page();

}  // namespace kontor
