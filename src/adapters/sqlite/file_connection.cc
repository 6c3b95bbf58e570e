// Opening, preparing, binding and stepping; and the way from SQLite's codes to the catalogue.
#include "adapters/sqlite/file_connection.h"

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

// The errno of the last failed write or sync of the write-ahead log. sqlite3_system_errno() reads
// errno only when SQLite has undone the transaction, whose own calls may have changed it.
int log_errno(sqlite3* database) {
  sqlite3_file* log = nullptr;
  int system = 0;
  sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log && log->pMethods) log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &system);
  return system;
}

int system_errno(sqlite3* database, int error) {
  const bool of_log = error == SQLITE_IOERR_FSYNC || error == SQLITE_IOERR_WRITE;
  const int system = of_log ? log_errno(database) : 0;
  return system ? system : sqlite3_system_errno(database);
}

std::unexpected<Error> fail_with(sqlite3* database, std::string_view what) {
  const int error = sqlite3_extended_errcode(database);
  const int system = system_errno(database, error);
  std::string cause = "sqlite: ";
  cause += sqlite3_errmsg(database);
  cause += " (" + std::to_string(error) + ", errno " + std::to_string(system) + ") in: ";
  cause += what.substr(0, 120);
  return fail(code_of(error, system), {}, std::move(cause));
}

class StatementRow final : public Row {
 public:
  explicit StatementRow(sqlite3_stmt* statement) : statement_(statement) {}
  bool is_null(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override {
    return sqlite3_column_int64(statement_, column);
  }
  std::string_view view(int column) const override {
    // The order matters: asking for the bytes first fixes their form.
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const int size = sqlite3_column_bytes(statement_, column);
    return data ? std::string_view(data, static_cast<std::size_t>(size)) : std::string_view();
  }

 private:
  sqlite3_stmt* statement_;
};

void bind(sqlite3_stmt* statement, int index, const Parameter& parameter) {
  using Kind = Parameter::Kind;
  const char* data = parameter.bytes.data() ? parameter.bytes.data() : "";
  const auto size = parameter.bytes.size();
  switch (parameter.kind) {
    case Kind::null:
      sqlite3_bind_null(statement, index);
      break;
    case Kind::integer:
      check(sqlite3_bind_int64(statement, index, parameter.integer) == SQLITE_OK,
            "no such SQL parameter");
      break;
    case Kind::text:
      sqlite3_bind_text64(statement, index, data, size, SQLITE_STATIC, SQLITE_UTF8);
      break;
    case Kind::blob:
      sqlite3_bind_blob64(statement, index, data, size, SQLITE_STATIC);
      break;
  }
}

// Parameters are borrowed until here.
struct Reset {
  sqlite3_stmt* statement;
  ~Reset() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

}  // namespace

Result<std::unique_ptr<FileConnection>> FileConnection::open(const std::string& path,
                                                             const ConnectionOptions& options) {
  sqlite3* raw = nullptr;
  const int access =
      options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int opened = sqlite3_open_v2(path.c_str(), &raw,
                                     access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  check(raw != nullptr, "out of memory");
  std::unique_ptr<FileConnection> connection(new FileConnection(raw));
  if (opened != SQLITE_OK) return fail_with(raw, "open " + path);
  sqlite3_busy_timeout(raw, options.busy_ms);
  // temp_store: what a transaction may have to undo stays in memory and out of other folders.
  auto set = connection->script("PRAGMA cache_size = -" + std::to_string(options.cache_kib) +
                                "; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;");
  if (!set) return fail(set);
  return connection;
}

FileConnection::~FileConnection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(database_);
}

sqlite3_stmt* FileConnection::prepared(const char* sql) {
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

Result<void> FileConnection::query(const char* sql, std::span<const Parameter> parameters,
                                   RowSink& rows) {
  sqlite3_stmt* statement = prepared(sql);
  if (!statement) return fail_with(database_, sql);
  const Reset reset{statement};
  int index = 0;
  for (const Parameter& parameter : parameters) bind(statement, ++index, parameter);
  int result = sqlite3_step(statement);
  for (; result == SQLITE_ROW; result = sqlite3_step(statement))
    if (rows.enough(StatementRow(statement))) return {};
  if (result != SQLITE_DONE) return fail_with(database_, sql);
  return {};
}

Result<void> FileConnection::script(const std::string& sql) {
  if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return fail_with(database_, sql);
  return {};
}

Bytes FileConnection::random_bytes(std::size_t count) {
  Bytes bytes(count, '\0');
  sqlite3_randomness(static_cast<int>(count), bytes.data());
  return bytes;
}
std::int64_t FileConnection::total_changed_rows() const {
  return sqlite3_total_changes64(database_);
}
bool FileConnection::in_transaction() const {
  return !sqlite3_get_autocommit(database_);
}

bool FileConnection::is_gone() const {
  int moved = 0;
  const int asked = sqlite3_file_control(database_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return asked == SQLITE_OK && moved != 0;
}

// A failing BEGIN leaves each query a state of its own, which is the worst that can happen here;
// the queries report what is wrong.
void FileConnection::begin_snapshot() {
  (void)run("BEGIN");
}
void FileConnection::end_snapshot() {
  if (in_transaction()) (void)run("COMMIT");
}

}  // namespace kontor::sqlite
