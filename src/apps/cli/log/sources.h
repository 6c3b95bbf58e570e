#pragma once
// Logs as a registry serves them, and as a folder holds them.
#include "apps/cli/registry_client.h"

#include "logclient/log_source.h"

#include <string>

namespace kontor::cli {

class RegistryLog final : public logclient::LogSource {
 public:
  // `log` is public, private or audit; the client outlives this.
  RegistryLog(RegistryClient& client, const std::string& log)
      : client_(client), prefix_("/log/" + log + "/") {}
  Result<Bytes> read(const std::string& path, std::size_t most) override;

 private:
  RegistryClient& client_;
  std::string prefix_;
};

class FolderLog final : public logclient::LogSource {
 public:
  explicit FolderLog(std::string folder) : folder_(std::move(folder)) {}
  Result<Bytes> read(const std::string& path, std::size_t most) override;

 private:
  std::string folder_;
};

}  // namespace kontor::cli
