// Both print a constant.
#include "apps/cli/schema_command.h"

#include "formats/progy/course.h"
#include "formats/progy/registry_sql.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace kontor::cli {

void add_schema_command(CLI::App& parent, CommandContext& context) {
  auto* schema = parent.add_subcommand("schema", "Print a schema that other tools are made with");
  schema->require_subcommand(1);
  auto* sql = schema->add_subcommand("sql", "Tables of a format, as SQL");
  sql->require_subcommand(1);
  sql->add_subcommand("progy", "The tables of a Progy registry, for SQLite and D1")
      ->callback([&context] { context.out << progy::registry_sql(); });
  schema->add_subcommand("course", "The JSON Schema of course.json")->callback([&context] {
    context.out << progy::course_schema();
  });
}

}  // namespace kontor::cli
