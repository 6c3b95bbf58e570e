#pragma once
// Values on their way to D1 and back. A row comes back as one text of SQL literals, for D1 itself
// would round integers beyond 2^53, send blobs as arrays, and merge columns of the same name.
#include "adapters/d1/bridge.h"
#include "adapters/sqlite/connection.h"

#include <span>

namespace kontor::d1 {

// The statement with its integers in the text and its other parameters numbered anew.
Statement compose(std::string_view sql, std::span<const sqlite::Parameter> parameters);

// Whether a statement yields rows.
bool is_query(std::string_view sql);

// A query that yields each row of `query` as one text in a column `r`.
Statement quoted(const Statement& query);

// A statement that fails, and with it its batch, unless `query` yields just these rows now; such a
// failure is one that is_stale() knows.
Statement guard(const Statement& query, const Rows& rows);
bool is_stale(const Error& error);

// A row as a text of literals, read back. Texts that are none read as a row of nulls.
class QuotedRow final : public sqlite::Row {
 public:
  explicit QuotedRow(std::string_view text);
  bool is_null(int column) const override;
  std::int64_t integer(int column) const override;
  std::string_view view(int column) const override;

 private:
  struct Cell {
    bool null = true;
    Bytes bytes;
  };
  const Cell& cell(int column) const;
  std::vector<Cell> cells_;
};

}  // namespace kontor::d1
