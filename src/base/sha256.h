#pragma once
// SHA-256 (FIPS 180-4) for small inputs: token hashes, ETags, log leaves. Bulk hashing of uploads
// belongs to the BlobWriter port, where the host has faster code.
#include <string_view>

#include "base/digest.h"

namespace kontor {

Sha256 sha256(std::string_view bytes);

}  // namespace kontor
