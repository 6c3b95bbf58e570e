// Requests are few and small, so they go one after the other over one connection.
#include "apps/cli/ori/registry.h"

#include "base/encoding.h"
#include "base/json.h"
#include "formats/ori/contents.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace kontor::cli::ori {
namespace {

constexpr Duration kTimeout = seconds(30);
constexpr int kTries = 4;
constexpr std::int64_t kFirstPause = 200;  // ms; doubled for each further try
constexpr JsonLimits kLimits = {
    .max_bytes = 16u << 20, .max_depth = 64, .max_values = 1'000'000, .max_key_bytes = 4096};

bool may_pass(const Result<curl::HttpAnswer>& answer) {
  return !answer || answer->status == 502 || answer->status == 503 || answer->status == 504;
}

Code code_called(std::string_view name) {
  const auto all = catalogue();
  const auto it = std::ranges::find(all, name, &CodeInfo::name);
  return it == all.end() ? Code::internal : it->code;
}

std::string without_controls(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text.substr(0, 1000);
}

std::unexpected<Error> refusal(const curl::HttpAnswer& answer, const std::string& url) {
  const auto body = parse_json(answer.body, kLimits);
  const std::string name(answer.header("kontor-error-code"));
  const auto status = std::to_string(answer.status);
  const auto message = body && body->is_object() ? text_of(*body, "message") : std::string();
  if (name.empty() || message.empty())
    return fail(Code::unavailable, url + " answered " + status + "; is that a registry for Ori?");
  const auto code = code_called(name);
  if (code == Code::unauthenticated)
    return fail(code, url + " wants to know who you are; run: ori login --registry " + url);
  return fail(code, without_controls(message) + " (" + status + " " + name + ")");
}

}  // namespace

Registry::Registry(Place place, std::string ca_file)
    : place_(std::move(place)),
      http_({.ca_file = ca_file, .timeout = kTimeout, .most_bytes = 16u << 20}),
      log_client_(RegistryClient::direct({.registry = place_.url,
                                          .token = place_.token,
                                          .ca_file = std::move(ca_file),
                                          .otp = {},
                                          .timeout = kTimeout})) {}

Result<curl::HttpAnswer> Registry::send(curl::HttpRequest request) {
  if (!place_.token.empty())
    request.headers.emplace_back("authorization", "Bearer " + place_.token);
  auto answer = http_.send(request);
  if (!answer)
    return fail(Code::unavailable, place_.url + ": " + std::string(answer.error().message()));
  return answer;
}

Result<curl::HttpAnswer> Registry::send_often(const curl::HttpRequest& request) {
  for (int attempt = 1;; ++attempt) {
    auto answer = send(request);
    if (!may_pass(answer) || attempt == kTries) return answer;
    std::this_thread::sleep_for(std::chrono::milliseconds(kFirstPause << (attempt - 1)));
  }
}

Result<Json> Registry::json_of(const Result<curl::HttpAnswer>& answer) const {
  if (!answer) return std::unexpected(answer.error());
  if (answer->status >= 300) return refusal(*answer, place_.url);
  if (answer->status == 204) return Json::object();
  auto json = parse_json(answer->body, kLimits);
  if (!json || !json->is_object())
    return fail(Code::unavailable,
                place_.url + " did not answer JSON; is that a registry for Ori?");
  return json;
}

Result<Json> Registry::call(const std::string& method, const std::string& path, const Json& body) {
  curl::HttpRequest request{.method = method, .url = place_.url + path};
  request.headers.emplace_back("accept", "application/json");
  if (!body.is_null()) {
    request.headers.emplace_back("content-type", "application/json");
    request.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return json_of(method == "GET" ? send_often(request) : send(std::move(request)));
}

Result<Bytes> Registry::download(const std::string& name, const std::string& version,
                                 const Watch& watch) {
  const auto answer = send_often(
      {.url = place_.url + package_path(name) + "/" + percent_encode(version) + "/download",
       .watch = watch});
  if (!answer) return std::unexpected(answer.error());
  if (answer->status == 302 || answer->status == 307) return follow(*answer, watch);
  if (answer->status != 200) return refusal(*answer, place_.url);
  if (answer->body.size() > kontor::ori::kMaxArchiveBytes)
    return fail(Code::too_large, "The archive of " + name + " is larger than archives may be.");
  return answer->body;
}

// To another host without the token, which is not for it.
Result<Bytes> Registry::follow(const curl::HttpAnswer& answer, const Watch& watch) {
  const std::string target(answer.header("location"));
  const auto moved = http_.send({.url = target, .watch = watch});
  if (!moved) return fail(Code::unavailable, target + ": " + std::string(moved.error().message()));
  if (moved->status != 200)
    return fail(Code::unavailable, target + " answered " + std::to_string(moved->status) + ".");
  if (moved->body.size() > kontor::ori::kMaxArchiveBytes)
    return fail(Code::too_large, "What " + target + " answered is larger than archives may be.");
  return moved->body;
}

Result<Json> Registry::publish(const std::string& name, const Bytes& archive, const Watch& watch) {
  curl::HttpRequest request{.method = "POST", .url = place_.url + package_path(name) + "/publish"};
  request.headers.emplace_back("content-type", "application/gzip");
  request.body = archive;
  request.watch = watch;
  return json_of(send(std::move(request)));
}

std::string package_path(const std::string& name) {
  return "/v1/packages/" + (name.starts_with('@') ? name.substr(1) : name);
}

std::string text_of(const Json& object, std::string_view key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

bool flag_of(const Json& object, std::string_view key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_boolean() && it->get<bool>();
}

const Json& list_of(const Json& object, std::string_view key) {
  static const Json kEmpty = Json::array();
  const auto it = object.find(key);
  return it != object.end() && it->is_array() ? *it : kEmpty;
}

std::string joined(const Json& texts) {
  std::string out;
  for (const auto& text : texts)
    if (text.is_string()) out += (out.empty() ? "" : ", ") + text.get<std::string>();
  return out;
}

}  // namespace kontor::cli::ori
