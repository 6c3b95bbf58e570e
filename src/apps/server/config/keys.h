#pragma once
// The one table of configuration keys. File keys, --set paths, environment names, type and range
// errors, reload behaviour and docs/configuration.md all come from it.
#include "apps/server/config/config.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kontor::config {

// An enumeration seen as its index into the spellings.
struct ChoiceSlot {
  std::uint8_t* value;
  std::span<const std::string_view> names;
};

// Where a key's value lives in a Config; the alternative is the key's type. std::uint64_t is a
// size in bytes, std::int64_t a number.
using Slot = std::variant<bool*, std::int64_t*, std::uint64_t*, Duration*, std::string*,
                          std::vector<std::string>*, ChoiceSlot>;

enum class Apply : std::uint8_t { restart, reload };     // when a changed value takes effect
enum class Visibility : std::uint8_t { shown, secret };  // secrets are masked wherever printed

// Says what is wrong with one string (or one item of a list); nothing where it is fine.
// May bring the text to its normal form.
using Check = std::optional<std::string> (*)(std::string& text);

struct Key {
  std::string_view path;  // auth.allowRegistration
  Slot (*slot)(Config&);
  std::string_view doc;  // Markdown, one paragraph
  std::int64_t min = 0;  // of numbers, bytes or milliseconds
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  Apply apply = Apply::restart;
  Visibility visibility = Visibility::shown;
  Check check = nullptr;
  std::array<std::string_view, 2> environment{};  // further variables, after the derived name
  std::string_view file_alias{};                  // a second path the upstream project uses
};

std::span<const Key> keys();
const Key* find_key(std::string_view path);  // by path or file alias
std::size_t index_of(const Key& key);        // into keys()

// Keys of the upstream project's files that have no effect here, with the reason.
struct UnusedKey {
  std::string_view path;
  std::string_view reason;
};
std::span<const UnusedKey> unused_keys();

// KONTOR_AUTH_ALLOW_REGISTRATION for auth.allowRegistration.
std::string environment_name(std::string_view path);

// The words for a key's type in errors and documentation: "a number", "a duration" ...
std::string type_name(const Slot& slot);

}  // namespace kontor::config
