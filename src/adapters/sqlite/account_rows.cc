// Lists are JSON arrays, so that any text can stand in them and any tool can read them.
#include "adapters/sqlite/account_rows.h"

#include "adapters/sqlite/search_index.h"
#include "ports/log_leaf.h"

#include <nlohmann/json.hpp>

namespace kontor::sqlite {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> read_list(std::string_view text) {
  std::vector<std::string> list;
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_array())
    for (const auto& item : json)
      if (const auto* word = item.get_ptr<const Json::string_t*>()) list.push_back(*word);
  return list;
}

std::vector<Sha256> read_codes(std::string_view bytes) {
  std::vector<Sha256> codes;
  for (; bytes.size() >= 32; bytes.remove_prefix(32))
    codes.push_back(*Sha256::from_bytes(bytes.substr(0, 32)));
  return codes;
}

}  // namespace

User read_user(const Row& row, int first) {
  User user;
  user.id = UserId(row.integer(first));
  user.name = row.text(first + 1);
  user.email = row.text(first + 2);
  user.password_hash = row.text(first + 3);
  user.is_admin = row.boolean(first + 4);
  user.profile = row.text(first + 5);
  user.two_factor = static_cast<TwoFactorMode>(row.integer(first + 6));
  user.totp_secret = row.text(first + 7);
  user.totp_pending = row.boolean(first + 8);
  user.totp_last_step = row.integer(first + 9);
  user.totp_last_by = row.text(first + 10);
  user.recovery_codes = read_codes(row.view(first + 11));
  user.created = row.time(first + 12);
  user.updated = row.time(first + 13);
  user.revision = row.count(first + 14);
  user.account = row.text(first + 15);
  user.sessions_since = row.time(first + 16);
  return user;
}

Bytes recovery_codes(const std::vector<Sha256>& codes) {
  Bytes bytes;
  for (const Sha256& code : codes) bytes += code.view();
  return bytes;
}

TokenRecord read_token(const Row& row) {
  TokenRecord token;
  token.key = row.text(0);
  token.secret = row.digest<Sha256>(1);
  token.user = UserId(row.integer(2));
  token.name = row.text(3);
  token.shown = row.text(4);
  token.rights = static_cast<TokenRights>(row.integer(5));
  token.cidrs = read_list(row.view(6));
  token.packages = read_list(row.view(7));
  token.bypass_two_factor = row.boolean(8);
  token.created = row.time(9);
  token.expires = row.optional_time(10);
  token.last_used = row.optional_time(11);
  return token;
}

std::string list_text(const std::vector<std::string>& list) {
  return Json(list).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::vector<LogEvent>> events_of_removal(Connection& db, UserId id, const LogAuthor& by) {
  auto events = db.all(
      "SELECT p.format, p.name, p.visibility, o.role FROM owners o JOIN packages p"
      " ON p.id = o.package WHERE o.user = ? ORDER BY p.id",
      [&](const Row& row) {
        const auto format = static_cast<FormatId>(row.integer(0));
        const auto log = log_of(static_cast<Visibility>(row.integer(2)));
        return owner_event(log, {std::string(to_string(format)), row.text(1)}, tlog::Change::remove,
                           {id, static_cast<OwnerRole>(row.integer(3))}, by);
      },
      id);
  if (!events) return events;
  const auto tokens = db.all(
      "SELECT key, rights FROM tokens WHERE user = ? ORDER BY key",
      [&](const Row& row) {
        return token_event(tlog::Change::remove, id, row.text(0),
                           static_cast<TokenRights>(row.integer(1)), by);
      },
      id);
  if (!tokens) return std::unexpected(tokens.error());
  for (const auto& token : *tokens)
    if (token) events->push_back(*token);
  return events;
}

Result<void> remove_user_rows(Connection& db, UserId id) {
  const auto owned = db.all(
      "SELECT package FROM owners WHERE user = ?",
      [](const Row& row) { return PackageId(row.integer(0)); }, id);
  if (!owned) return std::unexpected(owned.error());
  Result<void> done;
  for (const char* sql :
       {"UPDATE packages SET revision = revision + 1, policy_revision = policy_revision + 1"
        " WHERE id IN (SELECT package FROM owners WHERE user = ?1)",
        "UPDATE packages SET revision = revision + 1 WHERE id IN (SELECT package FROM stars"
        " WHERE user = ?1 EXCEPT SELECT package FROM owners WHERE user = ?1)",
        "DELETE FROM transfers WHERE from_user = ?1 OR to_user = ?1",
        "DELETE FROM owners WHERE user = ?", "DELETE FROM stars WHERE user = ?",
        "DELETE FROM tokens WHERE user = ?", "DELETE FROM revoked_sessions WHERE user = ?",
        "DELETE FROM web_logins WHERE approved_by = ?",
        "DELETE FROM git_connections WHERE user = ?", "DELETE FROM users WHERE id = ?"})
    if (done) done = db.run(sql, id);
  for (const PackageId package : *owned)
    if (done) done = index_package(db, package);
  return done;
}

}  // namespace kontor::sqlite
