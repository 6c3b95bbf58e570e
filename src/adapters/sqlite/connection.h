#pragma once
// What the statements of this folder are run against: a database that speaks SQLite's SQL, on this
// machine (file_connection.h) or far away (adapters/d1). Errors are values of the catalogue;
// nothing throws.
//
// A connection that is far away does not have all answers at once: it takes a query it has no
// answer to as one without rows, notes it, and has the whole function run again once it has fetched
// what was asked. So a function over a Connection may run several times, asks before it writes,
// reads no row it wrote itself, and changes nothing but the database.
#include "base/bytes.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/time.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::sqlite {

// A parameter that is bound as bytes instead of text.
struct Blob {
  std::string_view bytes;
};

// What stands for a question mark of a statement; borrows its bytes.
struct Parameter {
  enum class Kind : std::uint8_t { null, integer, text, blob };

  Parameter(std::nullopt_t) {}
  Parameter(std::string_view text) : kind(Kind::text), bytes(text) {}
  Parameter(const std::string& text) : Parameter(std::string_view(text)) {}
  Parameter(const char* text) : Parameter(std::string_view(text)) {}
  Parameter(Blob blob) : kind(Kind::blob), bytes(blob.bytes) {}
  Parameter(Timestamp time) : Parameter(time.ms) {}
  template <std::size_t N, class Tag>
  Parameter(const Digest<N, Tag>& digest) : Parameter(Blob{digest.view()}) {}
  template <class T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>)
  Parameter(T value) : kind(Kind::integer), integer(static_cast<std::int64_t>(value)) {}
  template <class T>
    requires requires(const T& id) { std::int64_t{id.value}; }
  Parameter(const T& id) : Parameter(std::int64_t{id.value}) {}
  template <class T>
  Parameter(const std::optional<T>& value) {
    if (value) *this = Parameter(*value);
  }

  Kind kind = Kind::null;
  std::int64_t integer = 0;
  std::string_view bytes;
};

// The row a statement stands on; valid until the function that reads it returns.
class Row {
 public:
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual std::string_view view(int column) const = 0;  // of texts and blobs alike

  std::uint64_t count(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  bool boolean(int column) const { return integer(column) != 0; }
  std::string text(int column) const { return std::string(view(column)); }
  Timestamp time(int column) const { return {integer(column)}; }
  std::optional<Timestamp> optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
  }
  template <class D>
  D digest(int column) const {
    return D::from_bytes(view(column)).value_or(D{});
  }

 protected:
  ~Row() = default;
};

// Takes rows until it has enough.
class RowSink {
 public:
  virtual bool enough(const Row& row) = 0;

 protected:
  ~RowSink() = default;
};

class Connection {
 public:
  virtual ~Connection() = default;

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
    struct Sink final : RowSink {
      explicit Sink(Enough& take) : take(take) {}
      bool enough(const Row& row) override { return take(row); }
      Enough& take;
    } sink(enough);
    const std::array<Parameter, sizeof...(Args)> parameters{Parameter(args)...};
    return query(sql, parameters, sink);
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

  // Says that this will be asked: a connection that is far away fetches it with other questions.
  template <class... Args>
  void expect(const char* sql, const Args&... args) {
    const std::array<Parameter, sizeof...(Args)> parameters{Parameter(args)...};
    expect_query(sql, parameters);
  }

  // Whether all that was asked had its answer. Where not, the function runs only to find out what
  // else it will ask, and may go on as if what it misses were there.
  virtual bool knows_all() const { return true; }

  virtual Bytes random_bytes(std::size_t count) = 0;
  // What is read between the two is of one state of the store.
  virtual void begin_snapshot() {}
  virtual void end_snapshot() {}
  // What is written is lost, because the file was moved or deleted.
  virtual bool is_gone() const { return false; }

 protected:
  virtual Result<void> query(const char* sql, std::span<const Parameter> parameters,
                             RowSink& rows) = 0;
  virtual void expect_query(const char* /*sql*/, std::span<const Parameter> /*parameters*/) {}
};

// Several queries that see one state of the store; ends when it goes.
class Snapshot {
 public:
  explicit Snapshot(Connection& connection) : connection_(connection) {
    connection_.begin_snapshot();
  }
  ~Snapshot() { connection_.end_snapshot(); }
  Snapshot(const Snapshot&) = delete;

 private:
  Connection& connection_;
};

}  // namespace kontor::sqlite
