// kontor_load PORT 'publish clients=32 count=5000 token=...' 'get clients=4 paths=FILE' ...
// Runs the groups at once and prints what was measured as JSON, one object a group.
#include "bench/load/group.h"
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

namespace kontor::load {
namespace {

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) lines.push_back(line);
  return lines;
}

[[noreturn]] void refuse(const std::string& what) {
  std::fprintf(stderr, "kontor_load: %s\n", what.c_str());
  std::exit(2);
}

void set(GroupPlan& plan, const std::string& key, const std::string& value) {
  if (key == "label")
    plan.label = value;
  else if (key == "clients")
    plan.clients = std::stoi(value);
  else if (key == "count")
    plan.count = std::stoi(value);
  else if (key == "seconds")
    plan.seconds = std::stod(value);
  else if (key == "pause")
    plan.pause_ms = std::stoi(value);
  else if (key == "token")
    plan.token = value;
  else if (key == "encoding")
    plan.accept_encoding = value;
  else if (key == "prefix")
    plan.prefix = value;
  else if (key == "single")
    plan.single = value;
  else if (key == "first")
    plan.first = std::stoi(value);
  else if (key == "bytes")
    plan.bytes = std::stoull(value);
  else if (key == "random")
    plan.compressible = value != "true";
  else if (key == "paths")
    plan.paths = lines_of(value);
  else
    refuse("no setting '" + key + "'");
}

GroupPlan plan_of(const std::string& text) {
  std::istringstream words(text);
  std::string kind;
  words >> kind;
  GroupPlan plan;
  if (kind != "publish" && kind != "get") refuse("a group is publish or get, not '" + kind + "'");
  plan.kind = kind == "publish" ? Kind::publish : Kind::get;
  plan.label = kind;
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    if (equals == word.npos) refuse("'" + word + "' is not key=value");
    set(plan, word.substr(0, equals), word.substr(equals + 1));
  }
  if (plan.kind == Kind::get && plan.paths.empty()) refuse("a get group needs paths=FILE");
  return plan;
}

nlohmann::ordered_json report(const GroupPlan& plan, GroupResult& result) {
  std::ranges::sort(result.micros);
  const auto at = [&](double part) {
    if (result.micros.empty()) return 0.0;
    return result
        .micros[static_cast<std::size_t>(part * static_cast<double>(result.micros.size() - 1))];
  };
  const auto [least, most] = std::ranges::minmax(result.by_client);
  nlohmann::ordered_json statuses;
  for (const auto& [status, count] : result.statuses) statuses[std::to_string(status)] = count;
  return {{"label", plan.label},
          {"clients", plan.clients},
          {"answers", result.micros.size()},
          {"errors", result.errors},
          {"statuses", statuses},
          {"seconds", result.seconds},
          {"rate", static_cast<double>(result.micros.size()) / std::max(result.seconds, 1e-9)},
          {"p50_us", at(0.5)},
          {"p95_us", at(0.95)},
          {"p99_us", at(0.99)},
          {"max_us", at(1)},
          {"least_by_a_client", least},
          {"most_by_a_client", most},
          {"bytes", result.bytes}};
}

}  // namespace
}  // namespace kontor::load

int main(int count, char** arguments) {
  namespace load = kontor::load;
  if (count < 3) load::refuse("usage: kontor_load PORT GROUP...");
  std::vector<load::GroupPlan> plans;
  for (int i = 2; i < count; ++i) plans.push_back(load::plan_of(arguments[i]));
  auto results = load::run_groups(std::atoi(arguments[1]), plans);
  auto out = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < plans.size(); ++i) out.push_back(load::report(plans[i], results[i]));
  std::cout << out.dump() << "\n";
}
