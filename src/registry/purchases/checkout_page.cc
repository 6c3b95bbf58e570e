// Markup. All text from outside goes through escape_html().
#include "registry/purchases/checkout_page.h"

#include "registry/html_page.h"

namespace kontor {
namespace {

std::string hidden(std::string_view name, std::string_view value) {
  return "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"" + escape_html(value) +
         "\">";
}

std::string what_it_costs(const std::string& package, const std::string& price) {
  return "<p><strong>" + escape_html(package) + "</strong> costs <strong>" + escape_html(price) +
         "</strong>.";
}

}  // namespace

http::Response checkout_page(std::uint16_t status, const CheckoutPage& page) {
  std::string body = what_it_costs(page.package, page.price) +
                     " Log in to the account that shall have it.</p>" + html_refusal(page.refusal);
  body += "<form method=\"post\" action=\"" + escape_html(page.action) + "\">" +
          hidden("form", page.form_token) + hidden("package", page.package);
  body += html_login_inputs(page.name);
  return html_page(status, "Buy a course", body + "<button>Go on</button></form>");
}

http::Response pay_page(const std::string& package, const std::string& price,
                        const std::string& url) {
  return html_page(200, "Buy a course",
                   what_it_costs(package, price) + "</p><p><a rel=\"noreferrer\" href=\"" +
                       escape_html(url) + "\">Go on to the payment</a></p>");
}

http::Response checkout_note(std::uint16_t status, const std::string& title,
                             const std::string& sentence) {
  return html_page(status, title, "<p>" + escape_html(sentence) + "</p>");
}

}  // namespace kontor
