#pragma once
// Where `kontor advisory` works: at a running server, or in the data directory of a stopped one.
// Both speak the JSON of the API below /v1/advisories.
#include "apps/cli/registry_client.h"
#include "base/json.h"

#include <memory>
#include <string>
#include <vector>

namespace kontor::cli {

class AdvisoryDesk {
 public:
  virtual ~AdvisoryDesk() = default;
  // {results: [{id, outcome, message?}]}, one for each record.
  virtual Result<Json> put(std::vector<Json> records, bool own) = 0;
  // The changed record.
  virtual Result<Json> patch(const std::string& id, const Json& patch) = 0;
  // {advisories: [...], next}: behind the id `after`; `next` is null at the end.
  virtual Result<Json> page(const std::string& after) = 0;
  virtual Result<Json> about(const std::string& ecosystem, const std::string& package) = 0;
};

struct DeskOptions {
  RegistryOptions registry;
  std::string data_dir;     // set: of a stopped server
  std::string config_file;  // beside it: whose rules count; empty: the one a server would find
};

void add_desk_options(CLI::App& command, DeskOptions& options);

// unavailable where a server uses the data directory.
Result<std::unique_ptr<AdvisoryDesk>> open_desk(const DeskOptions& options,
                                                const CommandContext& context);

}  // namespace kontor::cli
