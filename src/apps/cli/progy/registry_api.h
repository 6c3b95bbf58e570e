#pragma once
// The registry as the commands of `progy` call it. Rows PRG-01 to PRG-10, AUTH-11.
#include "adapters/curl/http_client.h"
#include "apps/cli/progy/desk.h"
#include "base/digest.h"
#include "domain/package_name.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kontor::cli::progy {

// "@user/slug", "@user/slug@1.2.0" or a bare slug.
struct CourseSpec {
  std::string name;     // as typed; checked where it has a scope
  std::string version;  // empty: the latest
};
Outcome<CourseSpec> parse_spec(const std::string& text);

// What the registry promises of one version. All of it was checked: it may name files.
struct Release {
  PackageName name;
  std::string version;
  Sha256 checksum;
  std::uint64_t size = 0;
};

class RegistryApi {
 public:
  explicit RegistryApi(const Desk& desk);
  RegistryApi(std::string url, std::string token, const std::string& ca_file);

  // The JSON of a success; else what the registry said. `unavailable` where nothing was answered.
  Outcome<Json> call(const std::string& method, const std::string& path,
                     const Json& body = nullptr);
  // The same with a form of `fields`; any status is a success and stands under "status".
  Outcome<Json> post_form(const std::string& path, const curl::HttpFields& fields);
  Outcome<Json> upload(const std::string& path, const std::string& content_type,
                       curl::BodySource& body);

  // The document of resolve: name, latest, versions and more.
  Outcome<Json> resolve(const CourseSpec& spec);
  // The version that the document is about: the one asked for, or the latest.
  static Outcome<Release> release_in(const Json& document, const CourseSpec& spec);

  // The artifact's bytes from `offset` on go to `sink`; false from it ends the call. `restart` is
  // called before the first piece where the registry sends all of it instead.
  struct Receiver {
    std::function<void()> restart;
    std::function<bool(std::string_view)> sink;
  };
  Outcome<void> download(const Release& release, std::uint64_t offset, const Receiver& receiver);

  const std::string& url() const { return url_; }

 private:
  Outcome<Json> answer_of(const curl::HttpRequest& request);
  curl::HttpRequest request(const std::string& method, const std::string& path) const;

  std::string url_;
  std::string token_;
  curl::HttpClient http_;
};

// "affected by GHSA-1, GHSA-2" of the document of resolve; empty where no advisory is known.
std::string advisory_words(const Json& document);

std::string course_path(const PackageName& name);  // "@scope/slug" for URLs and the cache

}  // namespace kontor::cli::progy
