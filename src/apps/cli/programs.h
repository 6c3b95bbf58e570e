#pragma once
// The programs that this binary also is: started under a program's name, by a link, it is that
// program alone; `kontor <name>` is the same. Another program is a line of the table in
// programs.cc.
#include "apps/cli/config_command.h"

#include <span>
#include <string_view>

namespace kontor::cli {

struct Program {
  const char* name;
  const char* help;
  // Adds the program's commands; they run while `app` parses its arguments. The context must
  // outlive the app.
  void (*add_commands)(CLI::App& app, CommandContext& context);
};

std::span<const Program> programs();
// The one of that name, or null.
const Program* find_program(std::string_view name);
// The one that the last part of a path names, as argv[0] does, or null.
const Program* program_called(std::string_view path);

}  // namespace kontor::cli
