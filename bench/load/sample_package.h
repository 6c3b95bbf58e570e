#pragma once
// Packages as npm would publish them.
#include <cstdint>
#include <string>

namespace kontor::load {

struct Sample {
  std::string name;
  std::string version;
  std::uint64_t tarball_bytes = 10'000;  // nearly
  bool compressible = true;              // text as of source code; otherwise random bytes
};

std::string tarball_of(const Sample& sample);
// The JSON document that npm would PUT for that tarball.
std::string publish_document(const Sample& sample, const std::string& tarball);

}  // namespace kontor::load
