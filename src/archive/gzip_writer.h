#pragma once
// One-shot gzip of documents and request bodies.
#include "base/bytes.h"
#include "base/error.h"

#include <cstdint>

namespace kontor {

// One member with no name and no time, so that equal bytes and levels (1 fast to 9 small) give
// equal results. Aborts where memory runs out.
Bytes gzip(ByteView bytes, int level = 6);

// The reverse, for a body sent with content-encoding gzip: one member and nothing behind it.
// bad_request where it is not that; too_large over `max_bytes`.
Result<Bytes> gunzip(ByteView packed, std::uint64_t max_bytes);

}  // namespace kontor
