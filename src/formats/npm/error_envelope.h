#pragma once
// Errors as npm clients read them (RFC 9110 status, JSON body, header kontor-error-code).
#include "http/message.h"

namespace kontor::npm {

// Never fails. The body is {"error": text, "message": the same text}: npm and bun print only
// `error`, yarn 1 takes an answer without it for success, newer tools read `message`.
http::Response error_response(const Error& error);

}  // namespace kontor::npm
