// Markup. All text from outside goes through escape_html().
#include "formats/npm/login_page.h"

#include "registry/html_page.h"

namespace kontor::npm {
namespace {

std::string form(const LoginPage& page) {
  std::string out = "<form method=\"post\"><input type=\"hidden\" name=\"form\" value=\"" +
                    escape_html(page.form_token) + "\">";
  if (!page.registering)
    return out + html_login_inputs(page.name) + "<button>Log in</button></form>";
  out += html_name_input(page.name);
  out += html_input("Email", "name=\"email\" type=\"email\" required autocomplete=\"email\"");
  out += html_input("Password",
                    "name=\"password\" type=\"password\" required autocomplete=\"new-password\"");
  return out + "<button>Create account and log in</button></form>";
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
  body += html_refusal(page.message);
  body += form(page);
  body += other_way(page);
  return html_page(status, page.registering ? "Create an account" : "Log in", body);
}

http::Response login_done_page(const std::string& name) {
  return html_page(200, "Logged in",
                   "<p>You are logged in as <strong>" + escape_html(name) +
                       "</strong>. Return to your terminal; this page can be closed.</p>");
}

http::Response login_gone_page(const std::string& message) {
  return html_page(404, "No such login", "<p>" + escape_html(message) + "</p>");
}

}  // namespace kontor::npm
