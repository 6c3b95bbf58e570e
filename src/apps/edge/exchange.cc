// The worker sends a piece of the body whenever the core asks for one.
#include "apps/edge/exchange.h"

#include "apps/edge/r2_blobs.h"

namespace kontor::edge {
namespace {

bool has_body(std::uint16_t status) {
  return status != 204 && status != 304 && status != 205;
}

void print_body(MessageWriter& message, const http::Body& body) {
  if (const auto* bytes = std::get_if<Bytes>(&body)) {
    message.number(1).bytes(*bytes);
  } else if (const auto* shared = std::get_if<SharedBytes>(&body)) {
    message.number(1).bytes(**shared);
  } else if (const auto* blob = std::get_if<http::BlobBody>(&body)) {
    message.number(2);
    for (const auto& key : blob_keys(blob->digest)) message.bytes(key);
    message.large(blob->offset).large(blob->length);
  } else {
    message.number(0);
  }
}

}  // namespace

class EdgeRequest::Body final : public http::BodyReader {
 public:
  Body(Host& host, std::optional<std::uint64_t> declared) : host_(host), declared_(declared) {}

  Task<ByteView> read() override {
    piece_ = co_await host_.call(Call::body_read, {}, Code::bad_request);
    co_return ByteView(piece_);
  }
  std::optional<std::uint64_t> declared_length() const override { return declared_; }

 private:
  Host& host_;
  const std::optional<std::uint64_t> declared_;
  Bytes piece_;
};

EdgeRequest::EdgeRequest(Host& host, Bytes bytes) : message_(std::move(bytes)) {
  MessageReader message(message_);
  request_.method_text = message.bytes();
  request_.method = http::parse_method(request_.method_text);
  const ByteView target = message.bytes();
  const auto mark = target.find('?');
  request_.path = target.substr(0, mark);
  if (mark != target.npos) request_.query = target.substr(mark + 1);
  address_ = message.text();
  tls_ = message.number() != 0;
  const bool has_body = message.number() != 0;
  const auto declared = message.large();
  if (has_body)
    body_ = std::make_unique<Body>(host, declared ? std::optional(declared - 1) : std::nullopt);
  request_.body = body_.get();
  request_.headers.resize(message.number());
  for (auto& header : request_.headers) {
    header.name = message.bytes();
    header.value = message.bytes();
  }
}

Result<void> EdgeRequest::resolve(const http::ProxyRules& rules, std::string id) {
  id_ = std::move(id);
  request_.id = id_;
  http::Peer peer;
  peer.text = address_;
  if (const auto address = IpAddress::parse(address_)) peer.address = *address;
  peer.tls = tls_;
  if (auto done = http::resolve_origin(request_, request_.header("host"), peer, rules, origin_);
      !done)
    return done;
  request_.address = origin_.address;
  request_.base_url = origin_.base_url;
  return {};
}

Bytes print_response(const http::Request& request, const http::Response& response) {
  const bool sends_length = request.method == http::Method::head && has_body(response.status);
  MessageWriter message;
  message.number(response.status);
  message.number(static_cast<std::uint32_t>(response.headers.size() + (sends_length ? 2 : 1)));
  for (const auto& header : response.headers) message.bytes(header.name).bytes(header.value);
  message.bytes("x-request-id").bytes(request.id);
  if (sends_length)
    message.bytes("content-length").bytes(std::to_string(http::body_length(response.body)));
  if (request.method == http::Method::head || !has_body(response.status))
    message.number(0);
  else
    print_body(message, response.body);
  return message.take();
}

}  // namespace kontor::edge
