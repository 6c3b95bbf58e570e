#pragma once
// Small JSON objects as request bodies, and typed access to their fields. A field that is JSON null
// counts as absent, as clients send null for what a user left empty.
#include "base/json.h"
#include "http/message.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor {

// At most 64 KiB, a dozen levels deep; an absent body is an empty object. invalid_json or too_large
// otherwise.
Task<Json> read_json_object(http::BodyReader* body);

// Null where absent. The pointer lives as long as the object.
const Json* find_field(const Json& object, std::string_view key);

// Each fails with invalid_json where the field has another type.
Result<std::optional<std::string>> text_field(const Json& object, std::string_view key);
Result<std::string> required_text_field(const Json& object, std::string_view key);
Result<std::optional<bool>> flag_field(const Json& object, std::string_view key);
// An array of texts, or a single one. Empty where absent.
Result<std::vector<std::string>> texts_field(const Json& object, std::string_view key);

// Not for any cache: answers about one account (npm keeps even API answers on disk).
http::Response private_json(std::uint16_t status, const Json& body);

}  // namespace kontor
