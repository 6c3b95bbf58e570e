// The shared body with the code in the place of the sentence's first copy.
#include "formats/ori/error_envelope.h"

#include "base/json.h"
#include "registry/error_body.h"

namespace kontor::ori {
namespace {

std::uint16_t status_of(const Error& error) {
  switch (error.code) {
    case Code::version_exists:
    case Code::version_tombstoned:
      return 409;
    case Code::invalid_archive:
    case Code::manifest_mismatch:
    case Code::checksum_mismatch:
      return 422;
    default:
      return info(error.code).status;
  }
}

}  // namespace

http::Response error_response(const Error& error) {
  auto response = error_body(error);
  const Json body = {{"error", info(error.code).name}, {"message", std::string(error.message())}};
  response.status = status_of(error);
  response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (response.status == 401) response.set("www-authenticate", "Bearer");
  return response;
}

}  // namespace kontor::ori
