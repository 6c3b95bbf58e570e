#pragma once
// The device grant over HTTP, its page, and who is logged in. Answers and errors are shaped as
// RFC 8628 and RFC 6749 have them.
#include "registry/device_login/device_login.h"
#include "registry/gateway.h"

#include <span>

namespace kontor {

std::span<const RouteEntry<DeviceService>> device_routes();

// {"error": code, "error_description": sentence}, and what error_body() says in headers. Codes that
// OAuth does not know keep their name, but for malformed requests: invalid_request.
http::Response oauth_error(const Error& error);

}  // namespace kontor
