#pragma once
// A thin, owning face of the SQLite C API: one connection of one thread, whose statements are
// prepared once and kept. Errors are values of the catalogue; nothing throws.
#include "base/digest.h"
#include "base/error.h"
#include "base/time.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace kontor::sqlite {

// A parameter that is bound as bytes instead of text.
struct Blob {
  std::string_view bytes;
};

// The row a statement stands on; valid until the function that reads it returns.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::uint64_t count(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  bool boolean(int column) const { return integer(column) != 0; }
  std::string text(int column) const;  // of texts and blobs alike
  Timestamp time(int column) const { return {integer(column)}; }
  std::optional<Timestamp> optional_time(int column) const;
  template <class D>
  D digest(int column) const {
    return D::from_bytes(view(column)).value_or(D{});
  }
  std::string_view view(int column) const;

 private:
  sqlite3_stmt* statement_;
};

struct ConnectionOptions {
  bool read_only = false;
  std::int64_t cache_kib = 2048;
  int busy_ms = 5000;  // how long to wait for another process that writes
};

class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const std::string& path,
                                                  const ConnectionOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;

  // Runs a statement to its end, ignoring rows. `sql` must live as long as the connection (a
  // constant); so in all functions below.
  template <class... Args>
  [[nodiscard]] Result<void> run(const char* sql, const Args&... args) {
    return each(sql, [](const Row&) {}, args...);
  }
  // Calls `read(row)` for each row.
  template <class Read, class... Args>
  [[nodiscard]] Result<void> each(const char* sql, Read read, const Args&... args) {
    const auto go_on = [&](const Row& row) {
      read(row);
      return false;
    };
    return until(sql, go_on, args...);
  }
  // Calls `enough(row)` for each row until it says true.
  template <class Enough, class... Args>
  [[nodiscard]] Result<void> until(const char* sql, Enough enough, const Args&... args) {
    sqlite3_stmt* statement = prepared(sql);
    if (!statement) return fail_now(sql);
    const Reset reset{this, statement};
    int index = 0;
    (bind(statement, ++index, args), ...);
    for (;;) {
      switch (step(statement)) {
        case Step::row:
          if (enough(Row(statement))) return {};
          break;
        case Step::done:
          return {};
        case Step::error:
          return fail_now(sql);
      }
    }
  }
  template <class Read, class... Args>
  [[nodiscard]] auto all(const char* sql, Read read, const Args&... args)
      -> Result<std::vector<decltype(read(std::declval<const Row&>()))>> {
    std::vector<decltype(read(std::declval<const Row&>()))> rows;
    auto done = each(sql, [&](const Row& row) { rows.push_back(read(row)); }, args...);
    if (!done) return fail(done);
    return rows;
  }
  // The first row, nothing where there is none.
  template <class Read, class... Args>
  [[nodiscard]] auto one(const char* sql, Read read, const Args&... args)
      -> Result<std::optional<decltype(read(std::declval<const Row&>()))>> {
    std::optional<decltype(read(std::declval<const Row&>()))> first;
    auto done = each(
        sql,
        [&](const Row& row) {
          if (!first) first.emplace(read(row));
        },
        args...);
    if (!done) return fail(done);
    return first;
  }
  template <class... Args>
  [[nodiscard]] Result<std::optional<std::int64_t>> number(const char* sql, const Args&... args) {
    return one(sql, [](const Row& row) { return row.integer(0); }, args...);
  }
  // Whether there is any row.
  template <class... Args>
  [[nodiscard]] Result<bool> exists(const char* sql, const Args&... args) {
    auto row = one(sql, [](const Row&) { return true; }, args...);
    if (!row) return fail(row);
    return row->has_value();
  }

  // Several statements that are not kept, for migrations and pragmas.
  Result<void> script(const std::string& sql);

  std::int64_t last_row_id() const;
  std::int64_t changed_rows() const;        // by the last statement
  std::int64_t total_changed_rows() const;  // since the connection was opened
  bool in_transaction() const;
  bool file_is_gone() const;  // moved or deleted since it was opened: what is written is lost
  sqlite3* raw() { return database_; }

 private:
  enum class Step { row, done, error };
  struct Reset {
    Connection* connection;
    sqlite3_stmt* statement;
    ~Reset();
  };

  explicit Connection(sqlite3* database) : database_(database) {}
  sqlite3_stmt* prepared(const char* sql);
  Step step(sqlite3_stmt* statement);
  std::unexpected<Error> fail_now(const char* what);

  static void bind(sqlite3_stmt* statement, int index, std::int64_t value);
  static void bind(sqlite3_stmt* statement, int index, std::string_view text);
  static void bind(sqlite3_stmt* statement, int index, Blob blob);
  static void bind(sqlite3_stmt* statement, int index, std::nullopt_t);
  static void bind(sqlite3_stmt* s, int i, const std::string& text) {
    bind(s, i, std::string_view(text));
  }
  static void bind(sqlite3_stmt* s, int i, const char* text) { bind(s, i, std::string_view(text)); }
  static void bind(sqlite3_stmt* s, int i, Timestamp time) { bind(s, i, time.ms); }
  template <std::size_t N, class Tag>
  static void bind(sqlite3_stmt* s, int i, const Digest<N, Tag>& digest) {
    bind(s, i, Blob{digest.view()});
  }
  template <class T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>)
  static void bind(sqlite3_stmt* s, int i, T value) {
    bind(s, i, static_cast<std::int64_t>(value));
  }
  template <class T>
    requires requires(const T& id) { std::int64_t{id.value}; }
  static void bind(sqlite3_stmt* s, int i, const T& id) {
    bind(s, i, id.value);
  }
  template <class T>
  static void bind(sqlite3_stmt* s, int i, const std::optional<T>& value) {
    value ? bind(s, i, *value) : bind(s, i, std::nullopt);
  }

  sqlite3* database_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;  // by address of their text
};

// Several queries that see one state of the store; ends when it goes.
class Snapshot {
 public:
  explicit Snapshot(Connection& connection);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;

 private:
  Connection& connection_;
};

}  // namespace kontor::sqlite
