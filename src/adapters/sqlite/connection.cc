// Opening, preparing, binding and stepping; and the way from SQLite's codes to the catalogue.
#include "adapters/sqlite/connection.h"

#include "base/check.h"

#include <sqlite3.h>

#include <cerrno>

namespace kontor::sqlite {
namespace {

// `error` is an extended result code, `system` the errno behind it, where there was one.
Code code_of(int error, int system) {
  const bool out_of_space = system == ENOSPC || system == EDQUOT;
  switch (error & 0xff) {
    case SQLITE_FULL:
      return Code::storage_full;
    case SQLITE_IOERR:
      return out_of_space ? Code::storage_full : Code::storage_failed;
    case SQLITE_CANTOPEN:
      return system == EMFILE || system == ENFILE ? Code::unavailable : Code::storage_failed;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Code::unavailable;
    case SQLITE_TOOBIG:
      return Code::too_large;
    default:
      return Code::storage_failed;
  }
}

std::unexpected<Error> fail_with(sqlite3* database, std::string_view what) {
  const int error = sqlite3_extended_errcode(database);
  const int system = sqlite3_system_errno(database);
  std::string cause = "sqlite: ";
  cause += sqlite3_errmsg(database);
  cause += " (" + std::to_string(error) + ", errno " + std::to_string(system) + ") in: ";
  cause += what.substr(0, 120);
  return fail(code_of(error, system), {}, std::move(cause));
}

}  // namespace

bool Row::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Row::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
std::string_view Row::view(int column) const {
  // The order matters: asking for the bytes first fixes their form.
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  return data ? std::string_view(data, static_cast<std::size_t>(size)) : std::string_view();
}
std::string Row::text(int column) const {
  return std::string(view(column));
}
std::optional<Timestamp> Row::optional_time(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path,
                                                     const ConnectionOptions& options) {
  sqlite3* raw = nullptr;
  const int access =
      options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int opened = sqlite3_open_v2(path.c_str(), &raw,
                                     access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  check(raw != nullptr, "out of memory");
  std::unique_ptr<Connection> connection(new Connection(raw));
  if (opened != SQLITE_OK) return fail_with(raw, "open " + path);
  sqlite3_busy_timeout(raw, options.busy_ms);
  // temp_store: what a transaction may have to undo stays in memory and out of other folders.
  auto set = connection->script("PRAGMA cache_size = -" + std::to_string(options.cache_kib) +
                                "; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;");
  if (!set) return fail(set);
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(database_);
}

sqlite3_stmt* Connection::prepared(const char* sql) {
  auto [it, added] = statements_.try_emplace(sql, nullptr);
  if (!it->second) {
    sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &it->second, nullptr);
    if (!it->second)
      statements_.erase(it);
    else
      return it->second;
    return nullptr;
  }
  return it->second;
}

Connection::Step Connection::step(sqlite3_stmt* statement) {
  const int result = sqlite3_step(statement);
  return result == SQLITE_ROW ? Step::row : result == SQLITE_DONE ? Step::done : Step::error;
}

Connection::Reset::~Reset() {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);  // parameters are borrowed until here
}

std::unexpected<Error> Connection::fail_now(const char* what) {
  return fail_with(database_, what);
}

void Connection::bind(sqlite3_stmt* statement, int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement, index, value) == SQLITE_OK, "no such SQL parameter");
}
void Connection::bind(sqlite3_stmt* statement, int index, std::string_view text) {
  const char* data = text.data() ? text.data() : "";
  sqlite3_bind_text64(statement, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}
void Connection::bind(sqlite3_stmt* statement, int index, Blob blob) {
  const char* data = blob.bytes.data() ? blob.bytes.data() : "";
  sqlite3_bind_blob64(statement, index, data, blob.bytes.size(), SQLITE_STATIC);
}
void Connection::bind(sqlite3_stmt* statement, int index, std::nullopt_t) {
  sqlite3_bind_null(statement, index);
}

Result<void> Connection::script(const std::string& sql) {
  if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return fail_with(database_, sql);
  return {};
}

std::int64_t Connection::last_row_id() const {
  return sqlite3_last_insert_rowid(database_);
}
std::int64_t Connection::changed_rows() const {
  return sqlite3_changes64(database_);
}
std::int64_t Connection::total_changed_rows() const {
  return sqlite3_total_changes64(database_);
}
bool Connection::in_transaction() const {
  return !sqlite3_get_autocommit(database_);
}

bool Connection::file_is_gone() const {
  int moved = 0;
  const int asked = sqlite3_file_control(database_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return asked == SQLITE_OK && moved != 0;
}

// A failing BEGIN leaves each query a state of its own, which is the worst that can happen here;
// the queries report what is wrong.
Snapshot::Snapshot(Connection& connection) : connection_(connection) {
  (void)connection_.run("BEGIN");
}
Snapshot::~Snapshot() {
  if (connection_.in_transaction()) (void)connection_.run("COMMIT");
}

}  // namespace kontor::sqlite
