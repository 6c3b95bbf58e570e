#pragma once
// Ori's error answers: {"error": code, "message": sentence}, where the code is one of the
// catalogue. Row ORI-04.
#include "base/error.h"
#include "http/message.h"

namespace kontor::ori {

// Statuses are the catalogue's, but for what the protocol sorts differently: a version that is
// there already is a conflict (409), and what an archive may not hold cannot be processed (422).
http::Response error_response(const Error& error);

}  // namespace kontor::ori
