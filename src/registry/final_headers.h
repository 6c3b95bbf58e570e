#pragma once
// Headers that every answer carries, whatever its handler said.
#include "http/message.h"
#include "registry/settings.h"

namespace kontor {

// Whether pages of other sites may write. They send no credential that the caller did not give
// them; but where none is needed, any page could write in the name of whoever looks at it.
bool pages_may_write(const Settings& settings);

// Depends on the method and on whether there is an Origin header.
void add_final_headers(const Settings& settings, const http::Request& request,
                       http::Response& response);

}  // namespace kontor
