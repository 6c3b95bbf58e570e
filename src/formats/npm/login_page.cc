// Markup. All text from outside goes through escape().
#include "formats/npm/login_page.h"

#include "base/sha256.h"

namespace kontor::npm {
namespace {

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem;"
    "color:#222;background:#fff}"
    "label{display:block;margin:1rem 0}"
    "input{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.5rem;"
    "border:1px solid #777;border-radius:4px}"
    "button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:4px;color:#fff;"
    "background:#14532d;cursor:pointer}"
    ".refused{padding:.6rem;border-left:4px solid #b91c1c;background:#fef2f2}"
    "small{color:#555}";

std::string escape(std::string_view text) {
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

// The secret of the page is in its URL: no cache keeps the page, no link or frame carries the URL
// elsewhere, and nothing runs or loads but the one style.
http::Response page_response(std::uint16_t status, std::string_view title, std::string_view body) {
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

std::string input(std::string_view label, std::string_view attributes) {
  return "<label>" + std::string(label) + "<input " + std::string(attributes) + "></label>";
}

std::string form(const LoginPage& page) {
  const std::string password = page.registering ? "new-password" : "current-password";
  std::string out = "<form method=\"post\"><input type=\"hidden\" name=\"form\" value=\"" +
                    escape(page.form_token) + "\">";
  out += input("User name",
               "name=\"name\" required autocapitalize=\"none\" spellcheck=\"false\" "
               "autocomplete=\"username\" value=\"" +
                   escape(page.name) + "\"");
  if (page.registering)
    out += input("Email", "name=\"email\" type=\"email\" required autocomplete=\"email\"");
  out += input("Password",
               "name=\"password\" type=\"password\" required autocomplete=\"" + password + "\"");
  if (!page.registering)
    out += input("One-time password <small>if your account uses two-factor authentication</small>",
                 "name=\"otp\" autocomplete=\"one-time-code\"");
  out +=
      page.registering ? "<button>Create account and log in</button>" : "<button>Log in</button>";
  return out + "</form>";
}

std::string_view other_way(const LoginPage& page) {
  if (!page.can_register) return {};
  return page.registering ? "<p><a href=\"?\">Log in to an account you have</a></p>"
                          : "<p><a href=\"?create=1\">Create an account</a></p>";
}

}  // namespace

http::Response login_page(std::uint16_t status, const LoginPage& page) {
  std::string body =
      "<p>A program on your machine asks for access to your account. Go on only if "
      "you have just started <code>npm login</code> yourself.</p>";
  if (!page.message.empty()) body += "<p class=\"refused\">" + escape(page.message) + "</p>";
  body += form(page);
  body += other_way(page);
  return page_response(status, page.registering ? "Create an account" : "Log in", body);
}

http::Response login_done_page(const std::string& name) {
  return page_response(200, "Logged in",
                       "<p>You are logged in as <strong>" + escape(name) +
                           "</strong>. Return to your terminal; this page can be closed.</p>");
}

http::Response login_gone_page(const std::string& message) {
  return page_response(404, "No such login", "<p>" + escape(message) + "</p>");
}

}  // namespace kontor::npm
