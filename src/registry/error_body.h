#pragma once
// The error envelope: {"error": text, "message": same text}. npm prints `error`, others `message`.
#include "http/message.h"

namespace kontor {

// Status, code header and body of an error; Retry-After where waiting helps.
http::Response error_body(const Error& error);

}  // namespace kontor
