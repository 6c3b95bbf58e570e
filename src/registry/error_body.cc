// One rendering of errors for all families that have no envelope of their own.
#include "registry/error_body.h"

#include <nlohmann/json.hpp>

namespace kontor {
namespace {

constexpr const char* kRetryAfterSeconds = "5";

}  // namespace

http::Response error_body(const Error& error) {
  const auto& code = info(error.code);
  const std::string text(error.message());
  nlohmann::ordered_json body = {{"error", text}, {"message", text}};
  auto response = http::json_response(
      code.status, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  response.set("kontor-error-code", std::string(code.name));
  response.set("cache-control", "no-store");
  if (code.retry == Retry::later) response.set("retry-after", kRetryAfterSeconds);
  return response;
}

}  // namespace kontor
