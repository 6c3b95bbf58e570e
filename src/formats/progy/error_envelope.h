#pragma once
// Errors as the source's section 9 has them: {"error": message, "code": CODE, "detail": sentence}.
// Rows D-09, PRG-01.
#include "http/message.h"

namespace kontor::progy {

// Status, code and message by the table of section 9, and for what it does not list by the
// catalogue, its code in capitals. `detail` says what was wrong in this case.
http::Response error_response(const Error& error);

}  // namespace kontor::progy
