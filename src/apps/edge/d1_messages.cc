// D1 says in words what went wrong.
#include "apps/edge/d1_messages.h"

#include "apps/edge/wire.h"

namespace kontor::edge {
namespace {

bool has(const std::string& text, std::string_view word) {
  return text.find(word) != text.npos;
}

// Told to come back: the database is busy or moving, and nothing was stored.
bool is_passing(const std::string& cause) {
  for (const std::string_view word : {"overloaded", "timeout", "Network connection lost", "reset"})
    if (has(cause, word)) return true;
  return false;
}

}  // namespace

Bytes print_batch(const std::vector<d1::Statement>& statements) {
  MessageWriter message;
  message.number(static_cast<std::uint32_t>(statements.size()));
  for (const auto& [sql, values] : statements) {
    message.bytes(sql).number(static_cast<std::uint32_t>(values.size()));
    for (const auto& [kind, bytes] : values)
      message.number(static_cast<std::uint32_t>(kind)).bytes(bytes);
  }
  return message.take();
}

std::vector<d1::Rows> read_rows(ByteView text) {
  MessageReader message(text);
  std::vector<d1::Rows> answers(message.number());
  for (auto& rows : answers) {
    rows.resize(message.number());
    for (auto& row : rows) row = message.text();
  }
  return answers;
}

Error d1_error(std::string cause) {
  Code code = Code::storage_failed;
  if (has(cause, "SQLITE_FULL")) code = Code::storage_full;
  if (has(cause, "SQLITE_TOOBIG")) code = Code::too_large;
  if (is_passing(cause)) code = Code::unavailable;
  return {code, {}, std::move(cause)};
}

}  // namespace kontor::edge
