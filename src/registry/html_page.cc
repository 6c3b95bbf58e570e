// One style for all pages; its digest is in the policy, so nothing else has any.
#include "registry/html_page.h"

#include "base/sha256.h"

namespace kontor {
namespace {

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem;"
    "color:#222;background:#fff}"
    "label{display:block;margin:1rem 0}"
    "input{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.5rem;"
    "border:1px solid #777;border-radius:4px}"
    "button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:4px;color:#fff;"
    "background:#14532d;cursor:pointer}"
    ".no{color:#222;background:#ddd;margin-left:.5rem}"
    ".refused{padding:.6rem;border-left:4px solid #b91c1c;background:#fef2f2}"
    "small{color:#555}";

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

http::Response html_page(std::uint16_t status, std::string_view title, std::string_view body) {
  std::string html =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>";
  html += title;
  html.append("</title><style>").append(kStyle).append("</style></head><body><h1>");
  html.append(title).append("</h1>").append(body).append("</body></html>\n");
  auto response = http::html_response(status, std::move(html));
  response.set("cache-control", "private, no-store");
  response.set("content-security-policy",
               "default-src 'none'; style-src 'sha256-" + sha256(kStyle).base64() +
                   "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
  response.set("referrer-policy", "no-referrer");
  response.set("x-frame-options", "DENY");
  return response;
}

std::string html_input(std::string_view label, std::string_view attributes) {
  return "<label>" + std::string(label) + "<input " + std::string(attributes) + "></label>";
}

std::string html_name_input(std::string_view name) {
  return html_input("User name",
                    "name=\"name\" required autocapitalize=\"none\" spellcheck=\"false\" "
                    "autocomplete=\"username\" value=\"" +
                        escape_html(name) + "\"");
}

std::string html_login_inputs(std::string_view name) {
  return html_name_input(name) +
         html_input("Password",
                    "name=\"password\" type=\"password\" required "
                    "autocomplete=\"current-password\"") +
         html_input(
             "One-time password <small>if your account uses two-factor authentication</small>",
             "name=\"otp\" autocomplete=\"one-time-code\"");
}

std::string html_refusal(std::string_view reason) {
  if (reason.empty()) return {};
  return "<p class=\"refused\">" + escape_html(reason) + "</p>";
}

}  // namespace kontor
