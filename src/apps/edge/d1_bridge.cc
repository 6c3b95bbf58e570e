// D1 says in words what went wrong.
#include "apps/edge/d1_bridge.h"

#include <array>

namespace kontor::edge {
namespace {

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

// Told to come back: the database is busy or moving, and nothing was stored.
bool is_passing(ByteView cause) {
  for (const std::string_view word : {"overloaded", "timeout", "Network connection lost", "reset"})
    if (cause.find(word) != cause.npos) return true;
  return false;
}

}  // namespace

Task<std::vector<d1::Rows>> D1Bridge::batch(std::vector<d1::Statement> statements) {
  auto answer = co_await whole(host_.call(Call::d1_batch, print_batch(statements)));
  if (!answer) {
    auto& error = answer.error();
    if (error.cause.find("SQLITE_FULL") != error.cause.npos) error.code = Code::storage_full;
    if (error.cause.find("SQLITE_TOOBIG") != error.cause.npos) error.code = Code::too_large;
    if (is_passing(error.cause)) error.code = Code::unavailable;
    co_return std::unexpected(std::move(error));
  }
  co_return read_rows(*answer);
}

}  // namespace kontor::edge
