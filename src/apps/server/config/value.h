#pragma once
// Reading values of keys: from the text of variables and --set, and from JSON5.
#include "apps/server/config/keys.h"
#include "domain/json5.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::config {

// What is wrong with a value, as the rest of a sentence that begins with the key's name; nothing
// where it is fine. It shows the value, but never a secret key's and never what a variable holds.
using Problem = std::optional<std::string>;

// The value of a variable that ${NAME} in a file refers to.
using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

// Both read a value into the key's place in `config`, which stays as it was on a problem. In text,
// the items of a list are separated by commas, or the whole is a JSON5 array.
Problem set_from_text(Config& config, const Key& key, std::string_view text);
// Strings may hold ${NAME}; a string with such a reference is read like text, so that it can stand
// where a number is wanted. $${ is a plain ${.
Problem set_from_json(Config& config, const Key& key, const Json5Value& value,
                      const Lookup& lookup);

// For readers of values: checks a draft's value by the key's rules, brings it to its normal form
// and moves it into place.
Problem keep_value(Config& config, Config& draft, const Key& key);
// "must be a whole number" and what it is instead.
Problem must_be(const Slot& slot, std::string_view but);

}  // namespace kontor::config
