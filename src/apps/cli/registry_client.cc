// Options win over the environment, that over .npmrc.
#include "apps/cli/registry_client.h"

#include "apps/cli/npmrc.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace kontor::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kDefaultRegistry = "http://127.0.0.1:4873";

std::string variable(const config::Variables& environment, std::string_view name) {
  const auto it = environment.find(name);
  return it == environment.end() ? "" : it->second;
}

// A file that is not there says nothing; one that cannot be read is as good as none.
Npmrc read_npmrc(const std::string& folder, const config::Variables& environment) {
  const auto text = config::read_text_file(folder.empty() ? ".npmrc" : folder + "/.npmrc");
  return text ? Npmrc::parse(*text, environment) : Npmrc();
}

Npmrc find_npmrc(const CommandContext& context) {
  auto found = read_npmrc(context.directory, context.environment);
  const auto home = variable(context.environment, "HOME");
  if (!home.empty()) found.add_defaults(read_npmrc(home, context.environment));
  return found;
}

// The registry's own sentence, with its code; where the answer is not ours, what came instead.
std::unexpected<Error> refusal(const curl::HttpAnswer& answer, const std::string& url) {
  const auto body = Json::parse(answer.body, nullptr, false);
  const auto code = answer.header("kontor-error-code");
  const bool ours =
      !code.empty() && body.is_object() && body.contains("message") && body["message"].is_string();
  const auto status = std::to_string(answer.status);
  if (!ours) return fail(Code::unavailable, url + " answered " + status + "; is that a Kontor?");
  auto text = body["message"].get<std::string>() + " (" + status + " " + std::string(code) + ")";
  if (code == "unauthenticated")
    text = "Give an administrator's token by --token, NPM_TOKEN or .npmrc (" + status + " " +
           std::string(code) + ")";
  return fail(Code::forbidden, std::move(text));
}

}  // namespace

void add_registry_options(CLI::App& command, RegistryOptions& options) {
  command.add_option("--registry", options.registry,
                     "URL of the registry; else .npmrc's, else " + std::string(kDefaultRegistry));
  command.add_option("--token", options.token, "Token; better in NPM_TOKEN or .npmrc");
  command.add_option("--cafile", options.ca_file, "PEM file of the authority to trust");
  command.add_option("--otp", options.otp, "One-time password, where the account needs one");
}

Result<RegistryClient> RegistryClient::create(RegistryOptions options,
                                              const CommandContext& context) {
  const auto npmrc = find_npmrc(context);
  if (options.registry.empty())
    options.registry = npmrc.value("registry").value_or(kDefaultRegistry);
  while (options.registry.ends_with('/')) options.registry.pop_back();
  if (!options.registry.starts_with("http://") && !options.registry.starts_with("https://"))
    return fail(Code::bad_request, options.registry + " is not the URL of a registry.");
  if (options.token.empty()) options.token = variable(context.environment, "NPM_TOKEN");
  if (options.token.empty()) options.token = npmrc.token_for(options.registry).value_or("");
  if (options.ca_file.empty()) options.ca_file = npmrc.value("cafile").value_or("");
  return RegistryClient(std::move(options));
}

RegistryClient::RegistryClient(RegistryOptions options)
    : options_(std::move(options)),
      http_(std::make_unique<curl::HttpClient>(
          curl::HttpClientOptions{.ca_file = options_.ca_file, .timeout = options_.timeout})) {}

Result<Json> RegistryClient::call(const std::string& method, const std::string& path,
                                  const Json& body) {
  curl::HttpRequest request{.method = method, .url = options_.registry + path};
  request.headers.emplace_back("accept", "application/json");
  if (!options_.token.empty())
    request.headers.emplace_back("authorization", "Bearer " + options_.token);
  if (!options_.otp.empty()) request.headers.emplace_back("npm-otp", options_.otp);
  if (!body.is_null()) {
    request.headers.emplace_back("content-type", "application/json");
    request.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  auto answer = http_->send(request);
  if (!answer)
    return fail(Code::unavailable,
                options_.registry + ": " + std::string(answer.error().message()));
  if (answer->status >= 300) return refusal(*answer, options_.registry);
  auto json = Json::parse(answer->body, nullptr, false);
  if (!json.is_object())
    return fail(Code::unavailable, options_.registry + " did not answer JSON; is that a Kontor?");
  return json;
}

Result<curl::HttpAnswer> RegistryClient::get(const std::string& path, const std::string& accept,
                                             std::function<bool(std::string_view)> sink) {
  curl::HttpRequest request{.url = options_.registry + path, .sink = std::move(sink)};
  // What is between may take silence for a wish to have it compressed.
  request.headers.emplace_back("accept-encoding", "identity");
  if (!accept.empty()) request.headers.emplace_back("accept", accept);
  if (!options_.token.empty())
    request.headers.emplace_back("authorization", "Bearer " + options_.token);
  auto answer = http_->send(request);
  if (!answer)
    return fail(Code::unavailable,
                options_.registry + path + ": " + std::string(answer.error().message()));
  return answer;
}

}  // namespace kontor::cli
