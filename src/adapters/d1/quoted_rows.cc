// SQL text is scanned for question marks and commas outside of quotes; it is our own, never a
// stranger's.
#include "adapters/d1/quoted_rows.h"

#include "base/encoding.h"

#include <charconv>
#include <cstdlib>

namespace kontor::d1 {
namespace {

using sqlite::Parameter;

// Calls `see(i)` for each character outside of quotes.
template <class See>
void outside_quotes(std::string_view sql, See see) {
  char quote = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    if (quote) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else {
      see(i);
    }
  }
}

// How many columns the query's rows have: commas of its own list, up to its own FROM.
std::size_t count_columns(std::string_view sql) {
  std::size_t columns = 1;
  int depth = 0;
  bool ended = false;
  outside_quotes(sql, [&](std::size_t i) {
    if (sql[i] == '(') ++depth;
    if (sql[i] == ')') --depth;
    if (depth == 0 && sql.substr(i).starts_with(" FROM ")) ended = true;
    if (depth == 0 && !ended && sql[i] == ',') ++columns;
  });
  return columns;
}

// Puts the parameters of one statement in the places of its question marks.
class Composer {
 public:
  explicit Composer(std::span<const Parameter> parameters)
      : parameters_(parameters), places_(parameters.size(), 0) {}

  Statement compose(std::string_view sql) {
    std::size_t copied = 0;
    outside_quotes(sql, [&](std::size_t i) {
      if (sql[i] != '?') return;
      out_.sql += sql.substr(copied, i - copied);
      copied = i + 1;
      std::size_t number = 0;
      const auto read = std::from_chars(sql.data() + copied, sql.data() + sql.size(), number);
      copied = static_cast<std::size_t>(read.ptr - sql.data());
      latest_ = number ? number : latest_ + 1;
      put(latest_ - 1);
    });
    out_.sql += sql.substr(copied);
    return std::move(out_);
  }

 private:
  void put(std::size_t index) {
    const Parameter& parameter = parameters_[index];
    if (parameter.kind == Parameter::Kind::integer) {
      out_.sql += std::to_string(parameter.integer);
    } else if (parameter.kind == Parameter::Kind::null) {
      out_.sql += "NULL";
    } else {
      if (!places_[index]) places_[index] = add(parameter);
      out_.sql += '?' + std::to_string(places_[index]);
    }
  }
  std::size_t add(const Parameter& parameter) {
    const auto kind =
        parameter.kind == Parameter::Kind::blob ? Statement::Kind::blob : Statement::Kind::text;
    out_.values.push_back({kind, Bytes(parameter.bytes)});
    return out_.values.size();
  }

  std::span<const Parameter> parameters_;
  std::vector<std::size_t> places_;  // of each parameter among the values, from 1; 0: not yet
  std::size_t latest_ = 0;
  Statement out_;
};

}  // namespace

Statement compose(std::string_view sql, std::span<const Parameter> parameters) {
  return Composer(parameters).compose(sql);
}

bool is_query(std::string_view sql) {
  return sql.starts_with("SELECT ");
}

Statement quoted(const Statement& query) {
  std::string names, literals;
  for (std::size_t i = 0; i < count_columns(query.sql); ++i) {
    const auto name = 'c' + std::to_string(i);
    names += (i ? "," : "") + name;
    // quote() ends a text at a NUL, but not a blob.
    literals += (i ? "||','||" : "") +
                ("quote(iif(instr(" + name + ",char(0)),CAST(" + name + " AS BLOB)," + name + "))");
  }
  return {"WITH q(" + names + ") AS (" + query.sql + ") SELECT " + literals + " AS r FROM q",
          query.values};
}

Statement guard(const Statement& query, const Rows& rows) {
  Statement guard = quoted(query);
  std::string expected;
  for (const auto& row : rows) expected += (expected.empty() ? "" : "\n") + row;
  guard.values.push_back({rows.empty() ? Statement::Kind::null : Statement::Kind::text, expected});
  guard.sql = "SELECT json(CASE WHEN (SELECT group_concat(r, char(10)) FROM (" + guard.sql +
              ")) IS ?" + std::to_string(guard.values.size()) +
              " THEN '0' ELSE 'a row was changed meanwhile' END) AS r";
  return guard;
}

bool is_stale(const Error& error) {
  return error.cause.find("malformed JSON") != error.cause.npos;
}

QuotedRow::QuotedRow(std::string_view text) {
  while (!text.empty()) {
    Cell& cell = cells_.emplace_back();
    if (text.starts_with("'")) {
      text.remove_prefix(1);
      for (;;) {
        const auto end = text.find('\'');
        cell.bytes += text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        if (!text.starts_with("'")) break;
        cell.bytes += '\'';
        text.remove_prefix(1);
      }
      cell.null = false;
    } else {
      const auto literal = text.substr(0, text.find(','));
      text.remove_prefix(literal.size());
      cell.null = literal == "NULL";
      if (literal.starts_with("X'"))
        cell.bytes = from_hex(literal.substr(2, literal.size() - 3)).value_or(Bytes());
      else if (!cell.null)
        cell.bytes = literal;
    }
    if (!text.empty()) text.remove_prefix(1);  // the comma
  }
}

const QuotedRow::Cell& QuotedRow::cell(int column) const {
  static const Cell kNone;
  const auto index = static_cast<std::size_t>(column);
  return index < cells_.size() ? cells_[index] : kNone;
}

bool QuotedRow::is_null(int column) const {
  return cell(column).null;
}

// Whole numbers as they are; sums of downloads come as reals.
std::int64_t QuotedRow::integer(int column) const {
  const Bytes& bytes = cell(column).bytes;
  std::int64_t value = 0;
  const auto read = std::from_chars(bytes.data(), bytes.data() + bytes.size(), value);
  if (read.ptr == bytes.data() + bytes.size()) return value;
  return static_cast<std::int64_t>(std::strtod(bytes.c_str(), nullptr));
}

std::string_view QuotedRow::view(int column) const {
  return cell(column).bytes;
}

}  // namespace kontor::d1
