// Bodies are read whole but for artifacts, which stream.
#include "apps/cli/progy/registry_api.h"

#include "base/encoding.h"
#include "formats/progy/names.h"

namespace kontor::cli::progy {
namespace {

namespace format = kontor::progy;

constexpr std::uint64_t kMostArtifactBytes = 104'857'600;  // row PRG-01

curl::HttpClientOptions http_options(const std::string& ca_file) {
  return {.ca_file = ca_file, .timeout = {}, .idle = seconds(30), .most_bytes = 16u << 20};
}

Code code_of(const curl::HttpAnswer& answer) {
  const auto name = answer.header("kontor-error-code");
  for (const auto& entry : catalogue())
    if (entry.name == name) return entry.code;
  return Code::bad_request;
}

// What to do, where the registry's own sentence does not say it.
std::string hint_for(const std::string& name) {
  if (name == "UNAUTHORIZED") return " Log in first: progy login";
  if (name == "VERSION_EXISTS")
    return " A published version never changes: raise \"version\" in course.json.";
  if (name == "FORBIDDEN") return " Is \"name\" in course.json yours? See: progy whoami";
  return "";
}

Failure refusal(const curl::HttpAnswer& answer, const std::string& url) {
  Failure failure;
  const auto body = parse_json(answer.body);
  const auto status = std::to_string(answer.status);
  failure.code = code_of(answer);
  if (!body || !body->is_object() || text_of(*body, "error").empty()) {
    failure.code = Code::unavailable;
    failure.name = "UNEXPECTED_ANSWER";
    failure.message = url + " answered " + status + "; is that a Kontor?";
    return failure;
  }
  failure.name = text_of(*body, "code");
  if (failure.name.empty()) failure.name = Failure(Error{failure.code, {}, {}}).name;
  failure.message = text_of(*body, "error");
  if (const auto detail = text_of(*body, "detail"); !detail.empty() && detail != failure.message)
    failure.message += ": " + detail;
  if (!failure.message.ends_with('.')) failure.message += '.';
  failure.message += hint_for(failure.name);
  failure.facts = *body;
  const auto checkout = text_of(*body, "checkoutUrl");
  if (!checkout.empty()) failure.message += " Buy it here: " + checkout;
  return failure;
}

std::unexpected<Failure> no_promise(const std::string& what) {
  return std::unexpected(
      Failure(Error{Code::unavailable, "The registry's answer has no usable " + what + ".", {}}));
}

}  // namespace

Outcome<CourseSpec> parse_spec(const std::string& text) {
  const auto at = text.find('@', 1);
  CourseSpec spec{text.substr(0, at), at == text.npos ? "" : text.substr(at + 1)};
  if (spec.name.starts_with('@')) {
    if (auto name = format::parse_name(spec.name); !name) return fail(name);
  } else if (!format::is_slug(spec.name)) {
    return fail(Code::invalid_name,
                "\"" + text + "\" is not a course; write @user/slug or @user/slug@version.");
  }
  if (at != text.npos)
    if (auto version = format::parse_course_version(spec.version); !version) return fail(version);
  return spec;
}

std::string advisory_words(const Json& document) {
  std::string out;
  const auto ids = document.find("advisories");
  if (ids == document.end() || !ids->is_array()) return out;
  for (const auto& id : *ids)
    if (id.is_string()) out += (out.empty() ? "affected by " : ", ") + id.get<std::string>();
  return out;
}

std::string course_path(const PackageName& name) {
  return "@" + name.scope + "/" + name.base;
}

RegistryApi::RegistryApi(const Desk& desk)
    : RegistryApi(desk.settings().registry, desk.settings().token, desk.options().ca_file) {}

RegistryApi::RegistryApi(std::string url, std::string token, const std::string& ca_file)
    : url_(std::move(url)), token_(std::move(token)), http_(http_options(ca_file)) {}

curl::HttpRequest RegistryApi::request(const std::string& method, const std::string& path) const {
  curl::HttpRequest out{.method = method, .url = url_ + path};
  out.headers.emplace_back("accept", "application/json");
  if (!token_.empty()) out.headers.emplace_back("authorization", "Bearer " + token_);
  return out;
}

Outcome<Json> RegistryApi::answer_of(const curl::HttpRequest& request) {
  const auto answer = http_.send(request);
  if (!answer)
    return fail(Code::unavailable, url_ + " cannot be reached: " + answer.error().detail + ".");
  if (answer->status / 100 != 2) return std::unexpected(refusal(*answer, url_));
  auto body = parse_json(answer->body);
  if (!body)
    return fail(Code::unavailable, request.url + " did not answer JSON; is that a Kontor?");
  return *std::move(body);
}

Outcome<Json> RegistryApi::call(const std::string& method, const std::string& path,
                                const Json& body) {
  auto out = request(method, path);
  if (!body.is_null()) {
    out.headers.emplace_back("content-type", "application/json");
    out.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return answer_of(out);
}

Outcome<Json> RegistryApi::post_form(const std::string& path, const curl::HttpFields& fields) {
  auto out = request("POST", path);
  out.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
  for (const auto& [name, value] : fields)
    out.body += (out.body.empty() ? "" : "&") + name + "=" + percent_encode(value);
  const auto answer = http_.send(out);
  if (!answer)
    return fail(Code::unavailable, url_ + " cannot be reached: " + answer.error().detail + ".");
  auto body = parse_json(answer->body);
  if (!body || !body->is_object()) return std::unexpected(refusal(*answer, url_));
  (*body)["status"] = answer->status;
  return *std::move(body);
}

Outcome<Json> RegistryApi::upload(const std::string& path, const std::string& content_type,
                                  curl::BodySource& body) {
  auto out = request("POST", path);
  out.headers.emplace_back("content-type", content_type);
  out.source = &body;
  return answer_of(out);
}

Outcome<Json> RegistryApi::resolve(const CourseSpec& spec) {
  auto path = "/registry/resolve/" + percent_encode(spec.name);
  if (!spec.version.empty()) path += "?version=" + percent_encode(spec.version);
  return call("GET", path);
}

Outcome<Release> RegistryApi::release_in(const Json& document, const CourseSpec& spec) {
  if (!document.is_object()) return no_promise("document");
  // The user may have another name by now, the course has not.
  const auto name = format::parse_name(text_of(document, "name"));
  const auto wanted = spec.name.substr(spec.name.find('/') + 1);
  if (!name || (!wanted.empty() && name->base != wanted)) return no_promise("name");
  auto version = spec.version;
  if (version.empty()) version = text_of(document, "version");
  if (version.empty()) version = text_of(document, "latest");
  if (!format::parse_course_version(version)) return no_promise("version");
  const auto checksum = Sha256::from_hex(text_of(document, "checksum"));
  if (!checksum) return no_promise("checksum");
  const auto size = document.find("sizeBytes");
  if (size == document.end() || !size->is_number_unsigned() ||
      size->get<std::uint64_t>() > kMostArtifactBytes)
    return no_promise("size");
  return Release{*name, version, *checksum, size->get<std::uint64_t>()};
}

Outcome<void> RegistryApi::download(const Release& release, std::uint64_t offset,
                                    const Receiver& receiver) {
  auto out = request("GET", "/registry/download/" + percent_encode("@" + release.name.scope) + "/" +
                                release.name.base + "/" + percent_encode(release.version));
  out.headers[0].second = "application/octet-stream";
  if (offset > 0) out.headers.emplace_back("range", "bytes=" + std::to_string(offset) + "-");
  // Pieces come before the answer's status is known: what comes is held back until it is.
  bool begun = false;
  std::string refused;
  int status = 0;
  out.begun = [&](int now) {
    status = now;
    if (now == 200 && offset > 0) receiver.restart();
  };
  out.sink = [&](std::string_view piece) {
    begun = status == 200 || status == 206;
    if (begun) return receiver.sink(piece);
    refused.append(piece.substr(0, (64u << 10) - std::min<std::size_t>(refused.size(), 64u << 10)));
    return true;
  };
  auto answer = http_.send(out);
  if (!answer)
    return fail(Code::unavailable, "The download broke off: " + answer.error().detail + ".");
  if (answer->status == 200 || answer->status == 206) return {};
  answer->body = std::move(refused);
  return std::unexpected(refusal(*answer, url_));
}

}  // namespace kontor::cli::progy
