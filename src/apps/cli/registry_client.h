#pragma once
// A registry as commands see it: its URL and a token are found as npm finds them, answers are JSON,
// and a refusal is an error with the registry's own sentence.
#include "adapters/curl/http_client.h"
#include "apps/cli/config_command.h"
#include "base/error.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace kontor::cli {

struct RegistryOptions {
  std::string registry;            // URL; empty: that of .npmrc, or the one a server has by default
  std::string token;               // empty: NPM_TOKEN, or the token of .npmrc for that URL
  std::string ca_file;             // empty: that of .npmrc, or the system's authorities
  std::string otp;                 // one-time password, for accounts that have to give one
  Duration timeout = seconds(60);  // for one call
};

void add_registry_options(CLI::App& command, RegistryOptions& options);

class RegistryClient {
 public:
  // Reads .npmrc of the working directory and of the home directory, in this order.
  static Result<RegistryClient> create(RegistryOptions options, const CommandContext& context);
  // With these options and nothing of npm's; `registry` is a URL without a slash at its end.
  static RegistryClient direct(RegistryOptions options) {
    return RegistryClient(std::move(options));
  }

  // `path` begins with a slash; no body is sent where it is null.
  Result<nlohmann::ordered_json> call(const std::string& method, const std::string& path,
                                      const nlohmann::ordered_json& body = nullptr);
  // The answer as it came, whatever its status. `accept` may be empty.
  Result<curl::HttpAnswer> get(const std::string& path, const std::string& accept = {},
                               std::function<bool(std::string_view)> sink = {});
  const std::string& url() const { return options_.registry; }

 private:
  explicit RegistryClient(RegistryOptions options);

  RegistryOptions options_;
  std::unique_ptr<curl::HttpClient> http_;
};

}  // namespace kontor::cli
