#pragma once
// Typed members of JSON in protobuf's spelling: bytes are base64, 64-bit numbers are texts.
#include "base/bytes.h"
#include "base/json.h"
#include "base/time.h"

#include <optional>
#include <string>

namespace kontor::sigstore {

// The member, or null's JSON where there is none; `path` may lead through objects, as "a.b".
const Json& member(const Json& object, std::string_view path);
// An array's items; none where it is no array.
const Json& items(const Json& object, std::string_view path);

std::optional<std::string> text(const Json& object, std::string_view path);
std::optional<Bytes> bytes(const Json& object, std::string_view path);
std::optional<std::uint64_t> number(const Json& object, std::string_view path);
std::optional<Timestamp> time(const Json& object, std::string_view path);

}  // namespace kontor::sigstore
