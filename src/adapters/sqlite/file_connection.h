#pragma once
// A thin, owning face of the SQLite C API: one connection of one thread to a file, whose statements
// are prepared once and kept.
#include "adapters/sqlite/connection.h"

#include <memory>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace kontor::sqlite {

struct ConnectionOptions {
  bool read_only = false;
  std::int64_t cache_kib = 2048;
  int busy_ms = 5000;  // how long to wait for another process that writes
};

class FileConnection final : public Connection {
 public:
  static Result<std::unique_ptr<FileConnection>> open(const std::string& path,
                                                      const ConnectionOptions& options);
  ~FileConnection() override;
  FileConnection(const FileConnection&) = delete;

  // Several statements that are not kept, for migrations and pragmas.
  Result<void> script(const std::string& sql);

  Bytes random_bytes(std::size_t count) override;
  void begin_snapshot() override;
  void end_snapshot() override;
  bool is_gone() const override;

  std::int64_t total_changed_rows() const;  // since the connection was opened
  bool in_transaction() const;
  sqlite3* raw() { return database_; }

 protected:
  Result<void> query(const char* sql, std::span<const Parameter> parameters,
                     RowSink& rows) override;

 private:
  explicit FileConnection(sqlite3* database) : database_(database) {}
  sqlite3_stmt* prepared(const char* sql);

  sqlite3* database_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;  // by address of their text
};

}  // namespace kontor::sqlite
