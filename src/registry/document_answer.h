#pragma once
// A small JSON document about a package, made for one answer.
#include "base/bytes.h"
#include "http/message.h"
#include "registry/settings.h"

namespace kontor {

// 200, or 304 where the caller has these bytes (the ETag is of them), and what caches may do with
// it by the package's visibility.
http::Response document_answer(const http::Request& request, Bytes body, Visibility visibility,
                               const Settings& settings);

}  // namespace kontor
