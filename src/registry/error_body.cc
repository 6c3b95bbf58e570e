// One rendering of errors for all families that have no envelope of their own.
#include "registry/error_body.h"

#include <nlohmann/json.hpp>

namespace kontor {
namespace {

// Where the error itself names no time.
constexpr std::uint32_t kRetryAfterSeconds = 5;

// Whole seconds a client should wait, 0 where waiting does not help.
std::uint32_t retry_after(const Error& error, const CodeInfo& code) {
  if (error.retry_after_s) return error.retry_after_s;
  return code.retry == Retry::later ? kRetryAfterSeconds : 0;
}

}  // namespace

http::Response error_body(const Error& error) {
  const auto& code = info(error.code);
  const std::string text(error.message());
  nlohmann::ordered_json body = {{"error", text}, {"message", text}};
  auto response = http::json_response(
      code.status, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  response.set("kontor-error-code", std::string(code.name));
  response.set("cache-control", "no-store");
  if (const auto wait = retry_after(error, code))
    response.set("retry-after", std::to_string(wait));
  return response;
}

}  // namespace kontor
