#pragma once
// Version 1 of the API as a client: one registry, its answers and its refusals.
#include "adapters/curl/http_client.h"
#include "apps/cli/ori/registries.h"
#include "apps/cli/registry_client.h"

#include <functional>
#include <memory>
#include <string>

namespace kontor::cli::ori {

// Answers come from strangers: they are read under limits, and a member of the wrong type is as
// good as absent (text_of and its like).
class Registry {
 public:
  using Watch = std::function<void(const curl::Transfer&)>;

  Registry(Place place, std::string ca_file);

  const Place& place() const { return place_; }
  // For the transparency log.
  RegistryClient& log_client() { return log_client_; }

  // `path` begins with "/v1/"; no body is sent where it is null. A refusal is an error of the
  // registry's code and sentence; unavailable where no answer of a registry came. What changes
  // nothing is tried four times.
  Result<Json> call(const std::string& method, const std::string& path, const Json& body = nullptr);
  // An archive's bytes, unverified; too_large over the limit of archives.
  Result<Bytes> download(const std::string& name, const std::string& version, const Watch& watch);
  Result<Json> publish(const std::string& name, const Bytes& archive, const Watch& watch);

 private:
  Result<curl::HttpAnswer> send(curl::HttpRequest request);
  Result<curl::HttpAnswer> send_often(const curl::HttpRequest& request);
  Result<Json> json_of(const Result<curl::HttpAnswer>& answer) const;
  Result<Bytes> follow(const curl::HttpAnswer& answer, const Watch& watch);

  Place place_;
  curl::HttpClient http_;
  RegistryClient log_client_;
};

// "/v1/packages/scope/name".
std::string package_path(const std::string& name);

// Members of an object by name; empty, false or an empty array where they are not of that type.
std::string text_of(const Json& object, std::string_view key);
bool flag_of(const Json& object, std::string_view key);
const Json& list_of(const Json& object, std::string_view key);
// The texts of an array, with commas between them.
std::string joined(const Json& texts);

}  // namespace kontor::cli::ori
