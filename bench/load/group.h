#pragma once
// A group of clients that do the same, each waiting for its answer before it asks again; and what
// was measured of them.
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace kontor::load {

enum class Kind { publish, get };

struct GroupPlan {
  Kind kind = Kind::get;
  std::string label;
  int clients = 1;
  int count = 0;       // requests; 0: until the time is over
  double seconds = 0;  // 0: until all counted groups are done
  int pause_ms = 0;    // of a client between an answer and its next request
  std::string token;
  std::string accept_encoding;
  // publish
  std::string prefix = "package-";  // of names; the number of the publish follows
  std::string single;               // one package for all instead
  int first = 1;                    // the first number, and the first version of a single package
  std::uint64_t bytes = 10'000;     // of a tarball, nearly
  bool compressible = true;
  // get
  std::vector<std::string> paths;  // asked for in turn
};

struct GroupResult {
  std::vector<double> micros;  // of answers that are not errors, in order of answering
  std::map<int, int> statuses;
  std::vector<int> by_client;  // answers
  std::uint64_t bytes = 0;     // received
  double seconds = 0;          // to the last answer
  int errors = 0;
};

// Runs all groups at once.
std::vector<GroupResult> run_groups(int port, const std::vector<GroupPlan>& plans);

}  // namespace kontor::load
