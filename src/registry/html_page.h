#pragma once
// The frame of our few pages: plain HTML without scripts, nothing loaded, kept and framed by
// nobody.
#include "http/message.h"

#include <string>
#include <string_view>

namespace kontor {

// For texts from outside, in content and in quoted attributes.
std::string escape_html(std::string_view text);

// `title` and `body` are markup: what came from outside in them is escaped. The address of such a
// page may hold a secret: no cache keeps it and no link carries it elsewhere.
http::Response html_page(std::uint16_t status, std::string_view title, std::string_view body);

// An input below its label; both are markup.
std::string html_input(std::string_view label, std::string_view attributes);

// What a person logs in with: "name", which begins as `name`, "password" and "otp".
std::string html_name_input(std::string_view name);
std::string html_login_inputs(std::string_view name);

// A paragraph that says why something was refused; empty where there is no reason.
std::string html_refusal(std::string_view reason);

}  // namespace kontor
