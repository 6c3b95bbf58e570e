// Markup. All text from outside goes through escape_html().
#include "registry/device_login/device_page.h"

#include "registry/html_page.h"

namespace kontor {
namespace {

std::string hidden(std::string_view name, std::string_view value) {
  return "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"" + escape_html(value) +
         "\">";
}

std::string decision_form(const DeviceDecisionPage& page) {
  std::string out = "<form method=\"post\">" + hidden("form", page.form_token) +
                    hidden("user_code", page.user_code);
  out += html_login_inputs(page.name);
  out +=
      "<button name=\"decision\" value=\"approve\">Log in and approve</button>"
      "<button class=\"no\" name=\"decision\" value=\"deny\" formnovalidate>Refuse</button>";
  return out + "</form>";
}

}  // namespace

http::Response device_code_page(std::uint16_t status, const std::string& refusal) {
  std::string body =
      "<p>Type the code that the program on your machine shows.</p>" + html_refusal(refusal);
  body += "<form method=\"get\">";
  body += html_input("Code",
                     "name=\"user_code\" required autocapitalize=\"characters\" "
                     "spellcheck=\"false\" autocomplete=\"off\" placeholder=\"XXXX-XXXX\"");
  body += "<button>Go on</button></form>";
  return html_page(status, "Connect a device", body);
}

http::Response device_decision_page(std::uint16_t status, const DeviceDecisionPage& page) {
  std::string body = "<p><strong>" + escape_html(page.asks) + "</strong>, running at " +
                     escape_html(page.from) + ", asks for access to your account.</p>";
  body += "<p>Go on only if you have just started it yourself, and it shows you the code <strong>" +
          escape_html(shown_user_code(page.user_code)) + "</strong>.</p>";
  body += html_refusal(page.refusal);
  body += decision_form(page);
  return html_page(status, "Connect a device", body);
}

http::Response device_approved_page(const std::string& user) {
  return html_page(200, "Logged in",
                   "<p>The program is logged in as <strong>" + escape_html(user) +
                       "</strong>. Return to it; this page can be closed.</p>");
}

http::Response device_denied_page() {
  return html_page(200, "Refused",
                   "<p>The program gets no access to any account. If you have not started it, "
                   "nothing else needs to be done.</p>");
}

}  // namespace kontor
