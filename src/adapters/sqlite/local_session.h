#pragma once
// A session on a database of this process: a connection for reading, and the way to the writer.
#include "adapters/sqlite/database.h"
#include "adapters/sqlite/session.h"

namespace kontor::sqlite {

class LocalSession final : public Session {
 public:
  static Result<std::unique_ptr<LocalSession>> open(Database& database, Loop& home) {
    auto reader = database.open_reader();
    if (!reader) return fail(reader);
    return std::unique_ptr<LocalSession>(new LocalSession(database, home, std::move(*reader)));
  }

  Connection& reader() { return *connection_; }
  bool read_only() const override { return database_.read_only(); }
  std::optional<std::uint64_t> stamp(ChangeStamps::Place place) const override {
    return database_.stamps().read(place);
  }

 protected:
  bool submit(std::unique_ptr<Command> command) override {
    return database_.submit(std::move(command));
  }

 private:
  LocalSession(Database& database, Loop& home, std::unique_ptr<FileConnection> reader)
      : Session(home, reader.get()), database_(database), connection_(std::move(reader)) {}

  Database& database_;
  std::unique_ptr<FileConnection> connection_;
};

}  // namespace kontor::sqlite
