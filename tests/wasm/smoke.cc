// A life of a package of each format inside wasm32: log in, publish, read what is told of it, read
// the archive, lock one away because of an advisory. The exported function tells the number of the
// first step that went wrong, 0 where all went well.
#include "adapters/memory/account_store.h"
#include "adapters/memory/advisory_store.h"
#include "adapters/memory/blob_store.h"
#include "adapters/memory/failure_counter.h"
#include "adapters/memory/log_store.h"
#include "adapters/memory/store_audit.h"
#include "adapters/memory/fakes.h"
#include "adapters/memory/package_store.h"
#include "adapters/memory/rate_limiter.h"
#include "base/encoding.h"
#include "formats/npm/account_routes.h"
#include "formats/npm/error_envelope.h"
#include "formats/npm/package_routes.h"
#include "formats/npm/search_entry.h"
#include "formats/ori/routes.h"
#include "formats/progy/routes.h"
#include "registry/accounts.h"
#include "registry/advisories/routes.h"
#include "registry/answer_cache.h"
#include "registry/credential_memory.h"
#include "registry/document_cache.h"
#include "registry/download_tally.h"
#include "registry/error_body.h"
#include "registry/gateway.h"
#include "registry/local_processor.h"
#include "tests/support/ori_archive.h"
#include "tests/support/tar_writer.h"
#include "tests/support/zip_writer.h"

#include <nlohmann/json.hpp>

namespace kontor {
namespace {

using Json = nlohmann::ordered_json;

constexpr const Format* kFormats[] = {&npm::kNpm};

class WholeBody final : public http::BodyReader {
 public:
  explicit WholeBody(std::string_view body) : body_(body) {}
  Task<ByteView> read() override { co_return std::exchange(body_, {}); }
  std::optional<std::uint64_t> declared_length() const override { return body_.size(); }

 private:
  std::string_view body_;
};

// A registry on stores in memory, whose tasks all finish inline.
struct World {
  memory::Database database;
  memory::PackageStore packages{database};
  memory::AccountStore accounts{database};
  memory::AdvisoryStore advisories{database};
  memory::BlobStore blobs;
  memory::FakeClock clock;
  memory::FakeEntropy entropy;
  memory::FakePasswordHasher passwords;
  memory::FakeSecretBox secrets;
  memory::FailureCounter failures;
  Observer observer;
  CredentialMemory credentials{entropy};
  DocumentCache documents{1 << 20};
  AnswerCache answers{1 << 20, entropy};
  DownloadTally downloads;
  LocalProcessor processor;
  memory::RateLimiter rates;
  Registry registry{packages,
                    accounts,
                    blobs,
                    clock,
                    entropy,
                    passwords,
                    secrets,
                    failures,
                    observer,
                    credentials,
                    documents, answers,
                    downloads,
                    {advisories, kFormats},
                    processor,
                    rates,
                    std::make_shared<const Settings>()};
  npm::Service npm{registry};
  RouteTable<npm::Service> account_set{"accounts", npm::account_routes(), npm, npm::error_response};
  RouteTable<npm::Service> package_set{"npm", npm::package_routes(), npm, npm::error_response};
  RouteTable<Registry> advisory_set{"advisories", advisory_routes(), registry, error_body};
  memory::LogStore log{database};
  memory::BlobInventory inventory{blobs};
  memory::StoreAudit audit{database};
  SweepEraser eraser{inventory, audit};
  ori::Service ori{registry, log, blobs, &eraser};
  RouteTable<ori::Service> ori_set{"ori", ori::routes(), ori, ori::error_response};
  progy::Service progy{registry};
  RouteTable<progy::Service> progy_set{"progy", progy::routes(), progy, progy::error_response};
  Gateway gateway{registry, {{&advisory_set, false}, {&ori_set, false}, {&progy_set, false}, {&account_set, true}, {&package_set, true}}};

  http::Response ask(http::Method method, std::string_view path, std::string_view body = {},
                     const std::string& token = {}) {
    WholeBody reader(body);
    const std::string authorization = "Bearer " + token;
    http::Request request;
    request.method = method;
    request.path = path;
    request.base_url = "http://edge.test";
    request.address = "192.0.2.1";
    if (!token.empty()) request.headers.push_back({"authorization", authorization});
    if (!body.empty()) request.body = &reader;
    if (path == "/registry/publish")
      request.headers.push_back({"content-type", "multipart/form-data; boundary=b"});
    else if (path.ends_with("/publish"))
      request.headers.push_back({"content-type", "application/gzip"});
    RouteLabel label;
    auto task = gateway.handle(request, &label);
    task.start();
    return *task.take();
  }
};

std::string text_of(const http::Response& response) {
  if (const auto* bytes = std::get_if<Bytes>(&response.body)) return *bytes;
  if (const auto* shared = std::get_if<SharedBytes>(&response.body)) return **shared;
  return {};
}

std::string publish_document(const std::string& tarball) {
  Json document;
  document["name"] = "hello";
  document["dist-tags"] = {{"latest", "1.0.0"}};
  document["versions"]["1.0.0"] = {{"name", "hello"}, {"version", "1.0.0"}};
  document["_attachments"]["hello-1.0.0.tgz"] = {{"content_type", "application/octet-stream"},
                                                 {"data", to_base64(tarball)},
                                                 {"length", tarball.size()}};
  return document.dump();
}

constexpr std::string_view kMalware =
    R"({"id":"MAL-1","summary":"Steals tokens","affected":[{"package":{"ecosystem":"npm",)"
    R"("name":"hello"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]})";

// The processor's checks run in place here.
int run_ori(World& world, const std::string& token) {
  const auto publish = [&](const std::string& archive) {
    return world.ask(http::Method::post, "/v1/packages/edge/tool/publish", archive, token).status;
  };
  if (publish("not an archive") != 422) return 11;
  const test::OriPackage package{.name = "@edge/tool"};
  const auto archive = test::ori_archive(package);
  if (publish(archive.substr(0, archive.size() - 9)) != 422) return 12;
  if (publish(archive) != 201) return 13;
  const auto versions = world.ask(http::Method::get, "/v1/packages/edge/tool/versions");
  const Json read = Json::parse(text_of(versions), nullptr, false);
  if (versions.status != 200 || read["latest"] != "1.0.0") return 14;
  const auto sent = world.ask(http::Method::get, "/v1/packages/edge/tool/1.0.0/download");
  const auto* blob = std::get_if<http::BlobBody>(&sent.body);
  return sent.status == 200 && blob && blob->length == archive.size() ? 0 : 15;
}

// A course, read as a stream when it comes and by its directory when a part of it is asked for.
int run_progy(World& world, const std::string& token) {
  const auto publish = [&](const std::string& artifact) {
    const std::string part = "--b\r\ncontent-disposition: form-data; name=";
    const auto form = part + "\"file\"; filename=\"c.progy\"\r\n\r\n" + artifact + "\r\n" + part +
                      "\"metadata\"\r\n\r\n{\"name\":\"@admin/c\",\"version\":\"1.0.0\"}\r\n--b--\r\n";
    return world.ask(http::Method::post, "/registry/publish", form, token).status;
  };
  const auto artifact = test::ZipWriter()
                            .file("course.json", R"({"name":"@admin/c","version":"1.0.0"})")
                            .file("README.md", "# A course")
                            .zip();
  if (publish(artifact.substr(0, artifact.size() - 9)) != 400) return 21;
  if (publish(artifact) != 200) return 22;
  if (publish(artifact) != 409) return 23;
  const auto told = world.ask(http::Method::get, "/registry/resolve/@admin/c");
  const Json read = Json::parse(text_of(told), nullptr, false);
  if (told.status != 200 || read["latest"] != "1.0.0") return 24;
  const auto sent = world.ask(http::Method::get, "/registry/download/@admin/c/1.0.0");
  const auto* blob = std::get_if<http::BlobBody>(&sent.body);
  if (sent.status != 200 || !blob || blob->length != artifact.size()) return 25;
  const auto readme = world.ask(http::Method::get, "/registry/@admin/c/1.0.0/README.md");
  return text_of(readme) == "# A course" ? 0 : 26;
}

int run() {
  World world;
  auto admin = ensure_first_admin(world.registry, "admin", "a long password");
  admin.start();
  if (!admin.take()) return 1;
  const auto login = world.ask(http::Method::put, "/-/user/org.couchdb.user:admin",
                               R"({"name":"admin","password":"a long password"})");
  const Json answer = Json::parse(text_of(login), nullptr, false);
  if (login.status != 201 || !answer.contains("token")) return 2;
  const std::string token = answer["token"];

  const auto tarball = test::npm_tarball(R"({"name":"hello","version":"1.0.0"})");
  const auto document = publish_document(tarball);
  if (world.ask(http::Method::put, "/hello", document).status != 401) return 3;
  if (world.ask(http::Method::put, "/hello", document, token).status != 201) return 4;
  const auto packument = world.ask(http::Method::get, "/hello");
  const Json read = Json::parse(text_of(packument), nullptr, false);
  if (packument.status != 200 || read["dist-tags"]["latest"] != "1.0.0") return 5;
  const auto sent = world.ask(http::Method::get, "/hello/-/hello-1.0.0.tgz");
  const auto* blob = std::get_if<http::BlobBody>(&sent.body);
  if (sent.status != 200 || !blob || blob->length != tarball.size()) return 6;
  auto bytes = world.blobs.read(blob->digest, 0, blob->length);
  bytes.start();
  if (*bytes.take() != tarball) return 7;

  const auto planted = world.ask(http::Method::post, "/v1/advisories", kMalware, token);
  if (planted.status != 201) return 8;
  if (world.ask(http::Method::get, "/hello/-/hello-1.0.0.tgz").status != 403) return 9;
  const auto audit = world.ask(http::Method::post, "/-/npm/v1/security/advisories/bulk",
                               R"({"hello":["1.0.0"]})");
  if (text_of(audit).find("Steals tokens") == std::string::npos) return 10;
  const int ori = run_ori(world, token);
  return ori != 0 ? ori : run_progy(world, token);
}

}  // namespace
}  // namespace kontor

extern "C" [[clang::export_name("smoke")]] int smoke() {
  return kontor::run();
}
