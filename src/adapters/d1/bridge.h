#pragma once
// The way to a D1 database: what the host of the module does for it. All of Kontor's SQL is
// composed on this side; the host runs it and brings rows back.
#include "base/bytes.h"
#include "base/task.h"

#include <cstdint>
#include <string>
#include <vector>

namespace kontor::d1 {

// A statement as it is sent. Integers stand in its text, because D1 carries numbers as doubles.
struct Statement {
  enum class Kind : std::uint8_t { null, text, blob };
  struct Value {
    Kind kind = Kind::null;
    Bytes bytes;
    bool operator==(const Value&) const = default;
  };

  std::string sql;
  std::vector<Value> values;  // ?1, ?2, ...
};

// The rows of one statement; each is one text (quoted_rows.h). Empty where it changes rows.
using Rows = std::vector<std::string>;

// Thread: one instance belongs to one loop.
class Bridge {
 public:
  virtual ~Bridge() = default;
  // Runs all in order in one transaction, and yields the rows of each; after an error nothing has
  // changed. Fails with storage_failed (storage_full, unavailable where the database says so); the
  // cause is what the database said.
  virtual Task<std::vector<Rows>> batch(std::vector<Statement> statements) = 0;
};

}  // namespace kontor::d1
