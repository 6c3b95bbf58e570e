// Markdown tables; cells are escaped so that a '|' in a text cannot break a row.
#include "apps/cli/docs.h"

#include "base/error.h"

namespace kontor {
namespace {

std::string cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string_view advice(Retry retry) {
  switch (retry) {
    case Retry::never:
      return "do not repeat";
    case Retry::later:
      return "repeat later";
    case Retry::after_change:
      return "change the request";
  }
  return "";
}

std::string_view meaning(http::Access access) {
  using enum http::Access;
  switch (access) {
    case open:
      return "anybody; credentials are not looked at";
    case read:
      return "anybody who may read; a credential, if sent, must be valid";
    case account:
      return "a valid credential";
    case write:
      return "a credential that may publish";
    case full:
      return "a credential with full rights";
    case admin:
      return "an administrator with full rights";
    case metrics:
      return "an administrator or the scrape token";
  }
  return "";
}

}  // namespace

std::string errors_markdown() {
  std::string out =
      "# Errors\n\n"
      "Printed by `kontor docs errors`; do not edit.\n\n"
      "Every error answer is `{\"error\": text, \"message\": the same text}` with one of these "
      "codes "
      "in the\nheader `kontor-error-code`. The text may say more than the default below.\n\n"
      "| code | status | default text | what a client may do |\n|---|---|---|---|\n";
  for (const auto& code : catalogue()) {
    out += "| `" + std::string(code.name) + "` | " + std::to_string(code.status) + " | " +
           cell(code.text) + " | " + std::string(advice(code.retry)) + " |\n";
  }
  return out;
}

std::string api_markdown(const std::vector<RouteFamily>& families) {
  std::string out =
      "# HTTP API\n\n"
      "Printed by `kontor docs api`; do not edit.\n\n"
      "A HEAD request is answered by the GET route. `:pkg` is a package name: `name`, "
      "`@scope/name`, `@scope%2fname`\nor `%40scope/name`.\n\n"
      "| access | who may call |\n|---|---|\n";
  for (int i = 0; i <= static_cast<int>(http::Access::metrics); ++i) {
    const auto access = static_cast<http::Access>(i);
    out += "| " + std::string(to_string(access)) + " | " + std::string(meaning(access)) + " |\n";
  }
  for (const auto& family : families) {
    out += "\n## " + std::string(family.title) + "\n\n" + std::string(family.intro) + "\n\n";
    out += "| method | path | access | what it does |\n|---|---|---|---|\n";
    for (const auto& route : family.routes)
      out += "| " + std::string(to_string(route.method)) + " | `" + cell(route.pattern) + "` | " +
             std::string(to_string(route.access)) + " | " + cell(route.doc) + " |\n";
  }
  return out;
}

}  // namespace kontor
