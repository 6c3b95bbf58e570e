// Opening: the log mode, the migrations, then the writer.
#include "adapters/sqlite/database.h"

#include "adapters/sqlite/migrations.h"

#include <unistd.h>

namespace kontor::sqlite {
namespace {

// Checkpoints belong to the writer's thread, hence no automatic ones.
constexpr const char* kWriterSettings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA journal_size_limit = 33554432;";

Result<std::unique_ptr<FileConnection>> open_writer(const DatabaseOptions& options) {
  auto opened = FileConnection::open(options.path, {.read_only = false, .cache_kib = 8192});
  if (!opened) return opened;
  FileConnection& connection = **opened;
  if (auto set = connection.script(kWriterSettings); !set) return fail(set);
  if (auto done = migrate(connection, built_in_migrations(), options.now); !done) return fail(done);
  return opened;
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(DatabaseOptions options) {
  auto connection = open_writer(options);
  if (!connection) return fail(connection);
  auto stamps = std::make_unique<ChangeStamps>();
  auto queue = std::make_unique<WriteQueue>(std::move(*connection), *stamps, options.writer);
  return std::unique_ptr<Database>(
      new Database(std::move(options.path), std::move(stamps), std::move(queue)));
}

Result<std::unique_ptr<Database>> Database::open_existing(const std::string& path, Access access) {
  if (::access(path.c_str(), F_OK) != 0) return fail(Code::not_found, "There is no " + path + ".");
  auto opened = FileConnection::open(path, {.read_only = access == Access::read_only});
  if (!opened) return fail(opened);
  if (auto fits = check_migrated(**opened, built_in_migrations()); !fits) return fail(fits);
  auto stamps = std::make_unique<ChangeStamps>();
  std::unique_ptr<WriteQueue> queue;
  if (access == Access::read_write) {
    if (auto set = (*opened)->script(kWriterSettings); !set) return fail(set);
    queue = std::make_unique<WriteQueue>(std::move(*opened), *stamps, WriteQueueOptions{});
  } else {
    stamps->begin(ChangeStamps::kEverything);  // of another's changes nothing is known
  }
  return std::unique_ptr<Database>(new Database(path, std::move(stamps), std::move(queue)));
}

Result<std::unique_ptr<FileConnection>> Database::open_reader() const {
  return FileConnection::open(path_, {.read_only = true, .cache_kib = 2048, .busy_ms = 1000});
}

}  // namespace kontor::sqlite
