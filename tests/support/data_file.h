#pragma once
// Files of tests/data.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace kontor::testing {

// The bytes of tests/data/<name>; a missing file fails the test.
inline std::string read_data(const std::string& name) {
  std::ifstream file(std::string(KONTOR_SOURCE_DIR "/tests/data/") + name, std::ios::binary);
  EXPECT_TRUE(file.good()) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace kontor::testing
