// Every check says what it saw.
#include "apps/cli/deploy/deploy_check.h"

#include "adapters/curl/http_client.h"
#include "base/encoding.h"
#include "base/sha512.h"

#include <nlohmann/json.hpp>

#include <ostream>

namespace kontor::cli {
namespace {

using Json = nlohmann::ordered_json;

class Checker {
 public:
  Checker(std::string url, std::ostream& out) : url_(std::move(url)), out_(out) {
    while (url_.ends_with('/')) url_.pop_back();
  }

  int failures() const { return failures_; }

  void status(const std::string& what, const std::string& path) {
    const auto answer = get(path);
    say(answer && answer->status == 200, what, describe(answer));
  }

  // A deployment of another version than this program is told; it may be meant.
  void health() {
    const auto answer = get("/health");
    const auto text = object_in(answer);
    const auto version = text ? text->value("version", "") : "";
    say(answer && answer->status == 200 && !version.empty(), "health", describe(answer));
    if (version.empty()) return;
    say(true, "version",
        version == KONTOR_VERSION ? version : version + ", and this program is " KONTOR_VERSION);
  }

  // What the deployment finds when it asks each of its stores.
  void stores() {
    const auto answer = get("/health/ready");
    const auto text = object_in(answer);
    const Json checks = text ? text->value("checks", Json::object()) : Json::object();
    int seen = 0;
    for (const auto& [name, check] : checks.items()) {
      if (!check.is_object()) continue;
      const bool fine = check.value("status", "") == "ok";
      say(fine, name, fine ? "answers" : check.value("advice", "does not answer"));
      ++seen;
    }
    if (seen == 0) say(false, "stores", describe(answer));
  }

  // The first package of the index, its latest version.
  void download() {
    const auto found = json("/-/v1/search?text=&size=1");
    if (!found) return say(false, "search", "no answer that is JSON");
    const auto objects = found->value("objects", Json::array());
    say(true, "search", std::to_string(found->value("total", 0)) + " packages found");
    if (objects.empty()) return say(true, "download", "nothing is published yet");
    const std::string name = objects[0]["package"].value("name", "");
    const std::string version = objects[0]["package"].value("version", "");
    const auto document = json("/" + url_encoded(name) + "/" + version);
    if (!document) return say(false, "download", name + "@" + version + " has no document");
    const Json dist = document->value("dist", Json::object());
    const auto bytes = fetch(dist.value("tarball", ""));
    const auto expected = dist.value("integrity", "");
    const bool right = bytes && bytes->status == 200 &&
                       "sha512-" + to_base64(sha512(bytes->body).view()) == expected;
    say(right, "download", name + "@" + version + ", " + describe(bytes));
  }

 private:
  using Answer = Result<curl::HttpAnswer>;

  static std::string url_encoded(std::string name) {
    if (const auto slash = name.find('/'); slash != name.npos) name.replace(slash, 1, "%2f");
    return name;
  }
  static std::string describe(const Answer& answer) {
    return answer ? "status " + std::to_string(answer->status)
                  : std::string(answer.error().message());
  }
  Answer fetch(const std::string& url) { return http_.send({.method = "GET", .url = url}); }
  Answer get(const std::string& path) { return fetch(url_ + path); }
  static std::optional<Json> object_in(const Answer& answer) {
    if (!answer) return std::nullopt;
    auto value = Json::parse(answer->body, nullptr, false);
    return value.is_object() ? std::optional(std::move(value)) : std::nullopt;
  }
  std::optional<Json> json(const std::string& path) {
    const auto answer = get(path);
    return answer && answer->status == 200 ? object_in(answer) : std::nullopt;
  }
  void say(bool fine, const std::string& what, const std::string& seen) {
    out_ << (fine ? "ok    " : "FAIL  ") << what << ": " << seen << "\n";
    failures_ += !fine;
  }

  std::string url_;
  std::ostream& out_;
  curl::HttpClient http_{curl::HttpClientOptions{}};
  int failures_ = 0;
};

}  // namespace

Result<void> check_deployment(const std::string& url, std::ostream& out) {
  Checker checker(url, out);
  checker.health();
  checker.stores();
  checker.status("ping", "/-/ping");
  checker.download();
  if (checker.failures() == 0) return {};
  return fail(Code::unavailable, std::to_string(checker.failures()) + " checks failed.");
}

}  // namespace kontor::cli
