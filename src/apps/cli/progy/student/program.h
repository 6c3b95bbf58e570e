#pragma once
// Running another program to its end.
#include "base/error.h"

#include <map>
#include <string>
#include <vector>

namespace kontor::cli::progy {

struct ProgramEnd {
  int status = 0;      // 128 + the signal where one ended it
  std::string output;  // the end of what it printed, both ways; 64 KB at most
};

// `command[0]` is looked for in PATH. Standard input is empty. The program has this environment and
// no other. not_found where there is no such program.
Result<ProgramEnd> run_program(const std::vector<std::string>& command, const std::string& folder,
                               const std::map<std::string, std::string, std::less<>>& environment);

}  // namespace kontor::cli::progy
