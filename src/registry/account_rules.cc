// Rules that refuse early and say what to change.
#include "registry/account_rules.h"

#include "base/encoding.h"
#include "domain/user_name.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::size_t kMaxPasswordBytes = 1024;
constexpr std::size_t kMaxEmailBytes = 254;

// Characters of well-formed UTF-8.
std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_plain(char c) {
  return static_cast<unsigned char>(c) > 0x20 && c != 0x7F;
}

}  // namespace

Result<void> check_email(std::string_view email) {
  if (email.empty()) return {};
  const auto at = email.find('@');
  const bool shaped =
      at != email.npos && at > 0 && at + 1 < email.size() && email.find('@', at + 1) == email.npos;
  const bool clean = email.size() <= kMaxEmailBytes && is_utf8(email) &&
                     std::ranges::all_of(email, is_plain) &&
                     email.find_first_of("<>\"\\,;") == email.npos;
  if (!shaped || !clean)
    return fail(Code::bad_request, "The email address must look like name@example.org.");
  return {};
}

Result<void> check_new_password(std::string_view name, std::string_view password,
                                const AccountSettings& settings) {
  if (password.size() > kMaxPasswordBytes || !is_utf8(password))
    return fail(Code::bad_request, "The password must be text of at most 1024 bytes.");
  if (count_characters(password) < settings.password_min_length)
    return fail(Code::bad_request, "The password must have at least " +
                                       std::to_string(settings.password_min_length) +
                                       " characters.");
  if (!name.empty() && equal_ignoring_case(name, password))
    return fail(Code::bad_request, "The password must differ from the user name.");
  return {};
}

Result<void> check_new_user(const NewUser& user, const AccountSettings& settings) {
  if (!is_user_name(user.name))
    return fail(Code::invalid_name,
                "A user name has 1 to 64 of a-z, 0-9, '-', '_' and '.', and begins with a letter "
                "or digit.");
  if (auto email = check_email(user.email); !email) return email;
  return check_new_password(user.name, user.password, settings);
}

}  // namespace kontor
