// Numbers never come as parameters, so texts, blobs and nulls are all there is to bind.
#include "adapters/d1/sqlite_bridge.h"

#include <sqlite3.h>

namespace kontor::d1 {

SqliteBridge::SqliteBridge(const std::string& path) {
  sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr);
  sqlite3_busy_timeout(database_, 5000);
}

SqliteBridge::~SqliteBridge() {
  sqlite3_close(database_);
}

Task<std::vector<Rows>> SqliteBridge::batch(std::vector<Statement> statements) {
  if (++batches_ == act_at_) std::exchange(act_, nullptr)();
  const std::scoped_lock lock(mutex_);
  if (next_error_) co_return std::unexpected(*std::exchange(next_error_, std::nullopt));
  sqlite3_exec(database_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  auto rows = run(statements);
  sqlite3_exec(database_, rows ? "COMMIT" : "ROLLBACK", nullptr, nullptr, nullptr);
  co_return rows;
}

Result<std::vector<Rows>> SqliteBridge::run(const std::vector<Statement>& statements) {
  std::vector<Rows> answers;
  for (const auto& statement : statements) {
    auto rows = run_one(statement);
    if (!rows) return fail(rows);
    answers.push_back(std::move(*rows));
  }
  return answers;
}

Result<Rows> SqliteBridge::run_one(const Statement& statement) {
  sqlite3_stmt* prepared = nullptr;
  sqlite3_prepare_v2(database_, statement.sql.c_str(), -1, &prepared, nullptr);
  int index = 0;
  for (const auto& [kind, bytes] : statement.values) {
    const int size = static_cast<int>(bytes.size());
    ++index;
    if (kind == Statement::Kind::text)
      sqlite3_bind_text(prepared, index, bytes.data(), size, SQLITE_STATIC);
    if (kind == Statement::Kind::blob)
      sqlite3_bind_blob(prepared, index, bytes.data(), size, SQLITE_STATIC);
  }
  Rows rows;
  int result = prepared ? sqlite3_step(prepared) : SQLITE_ERROR;
  for (; result == SQLITE_ROW; result = sqlite3_step(prepared))
    rows.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(prepared, 0)));
  const std::string said = sqlite3_errmsg(database_);
  sqlite3_finalize(prepared);
  if (result != SQLITE_DONE) return fail(Code::storage_failed, {}, said + " in: " + statement.sql);
  return rows;
}

}  // namespace kontor::d1
