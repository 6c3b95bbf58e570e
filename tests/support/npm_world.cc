// Requests are views into this file's objects, which live until the answer is there.
#include "tests/support/npm_world.h"

#include "base/digest.h"
#include "formats/npm/error_envelope.h"
#include "tests/support/tar_writer.h"

namespace kontor::test {
namespace {

using Json = nlohmann::ordered_json;

class PieceReader final : public http::BodyReader {
 public:
  PieceReader(std::string_view body, std::size_t piece) : body_(body), piece_(piece) {}
  Task<ByteView> read() override {
    const auto piece = body_.substr(at_, piece_);
    at_ += piece.size();
    co_return piece;
  }
  std::optional<std::uint64_t> declared_length() const override { return body_.size(); }

 private:
  std::string_view body_;
  std::size_t piece_;
  std::size_t at_ = 0;
};

BlobDigests digests_of(memory::BlobStore& blobs, TestLoop& loop, const std::string& bytes) {
  auto writer = loop.run(blobs.stage());
  (void)loop.run((*writer)->append(bytes));
  return *loop.run((*writer)->seal());
}

}  // namespace

std::string Answer::header(std::string_view name) const {
  for (const auto& h : headers)
    if (h.name == name) return h.value;
  return {};
}

Json Answer::json() const {
  return Json::parse(body, nullptr, false);
}

std::string tarball_of(const Package& package) {
  TarWriter tar;
  tar.file("package/package.json",
           package.packed_manifest.empty() ? package.manifest : package.packed_manifest);
  for (const auto& [path, content] : package.files) tar.file("package/" + path, content);
  return tar.tgz();
}

Json document_of(const Package& package) {
  memory::BlobStore blobs;
  TestLoop loop;
  const auto tarball = tarball_of(package);
  const auto digests = digests_of(blobs, loop, tarball);
  Json manifest = Json::parse(package.manifest);
  const std::string name = manifest["name"], version = manifest["version"];
  manifest["_id"] = name + "@" + version;
  manifest["dist"] = {{"integrity", integrity(digests.sha512)},
                      {"shasum", digests.sha1.hex()},
                      {"tarball", "http://elsewhere.example/" + name + ".tgz"}};
  Json document;
  document["_id"] = document["name"] = name;
  document["dist-tags"][package.tag] = version;
  document["versions"][version] = manifest;
  document["access"] = nullptr;
  document["_attachments"][name + "-" + version + ".tgz"] = {
      {"content_type", "application/octet-stream"},
      {"data", to_base64(tarball)},
      {"length", tarball.size()}};
  return document;
}

NpmWorld::NpmWorld()
    : routes("npm", npm::package_routes(), service, npm::error_response),
      gateway(registry, {{&routes, true}}) {
  for (const auto* name : {"alice", "bob", "carol"})
    add_user(name, "secret of " + std::string(name));
  add_user("root", "secret of root", true);
}

std::string NpmWorld::login(const std::string& user) {
  auto& token = tokens[user];
  if (token.empty()) token = add_token(user, "secret of " + user);
  return "Bearer " + token;
}

Answer NpmWorld::ask(Ask ask) {
  PieceReader reader(ask.body, ask.piece);
  http::Request request;
  request.method = http::parse_method(ask.method);
  request.method_text = ask.method;
  const auto mark = std::min(ask.target.find('?'), ask.target.size());
  request.path = std::string_view(ask.target).substr(0, mark);
  if (mark < ask.target.size()) request.query = std::string_view(ask.target).substr(mark + 1);
  for (const auto& [name, value] : ask.headers) request.headers.push_back({name, value});
  request.address = "192.0.2.1";
  request.base_url = "http://registry.test";
  request.id = "request-1";
  if (!ask.body.empty()) request.body = &reader;

  RouteLabel label;
  std::optional<http::Response> response;
  if (auto ready = request.body ? std::nullopt : host->ready(request, &label)) {
    response = ready->head->response;
    response->body = std::move(ready->body);
    ++ready_answers;
  } else {
    response = *run(host->handle(request, &label));
  }
  Answer out{response->status, response->headers, {}};
  if (request.method == http::Method::head) return out;
  if (const auto* bytes = std::get_if<Bytes>(&response->body)) out.body = *bytes;
  if (const auto* shared = std::get_if<SharedBytes>(&response->body)) out.body = **shared;
  if (const auto* blob = std::get_if<http::BlobBody>(&response->body))
    out.body = *run(blobs.read(blob->digest, blob->offset, blob->length));
  return out;
}

Answer NpmWorld::get(const std::string& target, const std::string& user) {
  Ask request{.target = target};
  if (!user.empty()) request.headers.emplace_back("authorization", login(user));
  return ask(std::move(request));
}

Answer NpmWorld::send(const std::string& method, const std::string& target, const std::string& user,
                      const Json& body) {
  Ask request{.method = method, .target = target};
  request.headers.emplace_back("content-type", "application/json");
  if (!user.empty()) request.headers.emplace_back("authorization", login(user));
  if (!body.is_discarded() && !(body.is_null())) request.body = body.dump();
  return ask(std::move(request));
}

Answer NpmWorld::publish(const Package& package, const std::string& user) {
  const Json document = document_of(package);
  return send("PUT", "/" + document["name"].get<std::string>(), user, document);
}

}  // namespace kontor::test
