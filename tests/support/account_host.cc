// Requests are views into the question, which lives until the reply is there.
#include "tests/support/account_host.h"

#include "formats/npm/error_envelope.h"
#include "registry/error_body.h"

namespace kontor::test {
namespace {

class TextReader final : public http::BodyReader {
 public:
  explicit TextReader(std::string_view text) : text_(text) {}
  Task<ByteView> read() override { co_return std::exchange(text_, {}); }
  std::optional<std::uint64_t> declared_length() const override { return text_.size(); }

 private:
  std::string_view text_;
};

}  // namespace

std::string Reply::header(std::string_view name) const {
  for (const auto& h : headers)
    if (h.name == name) return h.value;
  return {};
}

nlohmann::ordered_json Reply::json() const {
  return nlohmann::ordered_json::parse(body, nullptr, false);
}

AccountHost::AccountHost()
    : npm_routes("npm", npm::account_routes(), service, npm::error_response),
      users("users", user_routes(), registry, error_body),
      gateway(registry, {{&npm_routes, true}, {&users, false}}) {}

Reply AccountHost::send(Question question) {
  TextReader reader(question.body);
  http::Request request;
  request.method = question.method;
  request.method_text = http::to_string(question.method);
  const std::string_view target = question.target;
  const auto mark = std::min(target.find('?'), target.size());
  request.path = target.substr(0, mark);
  if (mark < target.size()) request.query = target.substr(mark + 1);
  for (const auto& [name, value] : question.headers)
    if (!value.empty()) request.headers.push_back({name, value});
  request.address = question.address;
  request.base_url = "http://registry.test:4873";
  request.id = "request-1";
  if (!question.body.empty()) request.body = &reader;

  RouteLabel label;
  const auto response = run(asked->handle(request, &label));
  EXPECT_TRUE(response) << "the gateway never fails";
  Reply reply{response->status, response->headers, {}};
  if (const auto* bytes = std::get_if<Bytes>(&response->body)) reply.body = *bytes;
  return reply;
}

Reply AccountHost::get(const std::string& target, const std::string& authorization) {
  return send({http::Method::get, target, {{"authorization", authorization}}});
}

Reply AccountHost::put(const std::string& target, const std::string& body,
                       const std::string& authorization) {
  return send({http::Method::put, target, {{"authorization", authorization}}, body});
}

Reply AccountHost::post(const std::string& target, const std::string& body,
                        const std::string& authorization) {
  return send({http::Method::post, target, {{"authorization", authorization}}, body});
}

Reply AccountHost::del(const std::string& target, const std::string& authorization) {
  return send({http::Method::del, target, {{"authorization", authorization}}});
}

std::string AccountHost::bearer(const std::string& name, TokenWish wish) {
  return "Bearer " + add_token(name, "correct horse", std::move(wish));
}

}  // namespace kontor::test
