#pragma once
// A witness behind HTTP: POST /add-checkpoint, and GET /<SHA-256 of a log's origin>/checkpoint with
// the last checkpoint that was cosigned. One loop serves all, so that requests follow each other.
#include "adapters/asio/server.h"
#include "apps/cli/log/witness_files.h"

#include <memory>

namespace kontor::cli {

struct WitnessParts {
  const tlog::Policy& policy;
  WitnessFolder& folder;
  const WitnessKey& key;
};

class WitnessServer {
 public:
  // Listens. The parts outlive the server.
  static Result<std::unique_ptr<WitnessServer>> start(WitnessParts parts,
                                                      net::ServerOptions options);
  ~WitnessServer();
  std::uint16_t port() const;
  void drain();  // lets requests under way finish

 private:
  struct Impl;
  explicit WitnessServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kontor::cli
