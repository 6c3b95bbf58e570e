// Which user names are legal.
#include "domain/user_name.h"

#include <gtest/gtest.h>

#include <string>

namespace kontor {
namespace {

TEST(UserName, accepts_lower_case_url_safe_names) {
  for (const auto& name : {std::string("a"), std::string("alice"), std::string("7of9"),
                           std::string("a-b_c.d"), std::string(64, 'x')})
    EXPECT_TRUE(is_user_name(name)) << name;
}

TEST(UserName, refuses_everything_else) {
  for (const auto& name :
       {std::string(), std::string(65, 'x'), std::string(".alice"), std::string("_alice"),
        std::string("-alice"), std::string("."), std::string(".."), std::string("Alice"),
        std::string("al ice"), std::string("al:ice"), std::string("al/ice"), std::string("al%ice"),
        std::string("al\0ice", 6), std::string("al\nice"), std::string("älice"), std::string("@a")})
    EXPECT_FALSE(is_user_name(name)) << name;
}

}  // namespace
}  // namespace kontor
