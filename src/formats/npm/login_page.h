#pragma once
// The page on which a person approves a browser login: plain HTML, no script, nothing loaded.
#include "http/message.h"

#include <string>

namespace kontor::npm {

struct LoginPage {
  std::string form_token;     // proves that a form was filled in on this page
  std::string name;           // shown again after a refusal
  std::string message;        // why the last try was refused; empty: first show
  bool can_register = false;  // registration is open
  bool registering = false;   // ask for an email, make an account
};

http::Response login_page(std::uint16_t status, const LoginPage& page);

// Pages without a form: the login is done, or there is none.
http::Response login_done_page(const std::string& name);
http::Response login_gone_page(const std::string& message);

}  // namespace kontor::npm
