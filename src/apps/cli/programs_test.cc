// Which program the binary is under which name.
#include "apps/cli/programs.h"

#include <gtest/gtest.h>

#include <set>

namespace kontor::cli {
namespace {

TEST(Programs, a_link_of_any_folder_starts_its_program) {
  for (const char* path : {"ori", "./ori", "/usr/local/bin/ori"}) {
    const auto* program = program_called(path);
    ASSERT_NE(program, nullptr) << path;
    EXPECT_STREQ(program->name, "ori");
  }
}

TEST(Programs, other_names_start_kontor_itself) {
  for (const char* path : {"", "kontor", "/usr/bin/kontor", "ori/", "ori/kontor", "orion", "Ori"})
    EXPECT_EQ(program_called(path), nullptr) << path;
}

TEST(Programs, each_name_stands_for_one_program) {
  std::set<std::string_view> names;
  for (const auto& program : programs()) {
    EXPECT_TRUE(names.insert(program.name).second) << program.name;
    EXPECT_EQ(find_program(program.name), &program);
  }
  EXPECT_EQ(find_program("serve"), nullptr);
}

}  // namespace
}  // namespace kontor::cli
