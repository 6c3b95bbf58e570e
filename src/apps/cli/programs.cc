// One line a program.
#include "apps/cli/programs.h"

#include "apps/cli/ori/ori_commands.h"
#include "apps/cli/progy/progy_commands.h"

#include <algorithm>
#include <array>

namespace kontor::cli {
namespace {

constexpr std::array kPrograms = {
    Program{"ori", "Packages of the language Ori: make, publish, install and check them",
            add_ori_commands},
    Program{"progy", "Courses: pack and publish them, or start one and own the result",
            add_progy_commands},
};

}  // namespace

std::span<const Program> programs() {
  return kPrograms;
}

const Program* find_program(std::string_view name) {
  const auto it = std::ranges::find(kPrograms, name, &Program::name);
  return it == kPrograms.end() ? nullptr : &*it;
}

const Program* program_called(std::string_view path) {
  const auto slash = path.rfind('/');
  return find_program(slash == path.npos ? path : path.substr(slash + 1));
}

}  // namespace kontor::cli
