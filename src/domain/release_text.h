#pragma once
// What the registry signs of a version, and how it names the key: as npm's clients check it.
#include "base/bytes.h"
#include "base/digest.h"
#include "base/error.h"

#include <string>
#include <string_view>

namespace kontor {

// "<name>@<version>:sha512-<base64>". bad_request where name or version could not be one: nothing
// passes that lets one text be read as another.
Result<std::string> release_text(std::string_view name, std::string_view version,
                                 const Sha512& archive);

// "SHA256:" and the base64 of the digest of the key's SubjectPublicKeyInfo, without padding.
std::string release_key_id(ByteView public_key);

}  // namespace kontor
