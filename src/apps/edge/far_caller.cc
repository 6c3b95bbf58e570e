// Method, URL, headers by name and value, body; the answer is a status, a Content-Type and a body.
#include "apps/edge/far_caller.h"

namespace kontor::edge {
namespace {

constexpr std::size_t kMostOfWitness = 64 * 1024;

Bytes message_of(const HttpCall& call) {
  MessageWriter message;
  message.bytes(call.method).bytes(call.url);
  message.number(static_cast<std::uint32_t>(call.headers.size()));
  for (const auto& [name, value] : call.headers) message.bytes(name).bytes(value);
  return message.bytes(call.body).take();
}

}  // namespace

Task<HttpReply> FarCaller::send(HttpCall call) {
  const Bytes answer = co_await host_.call(Call::fetch, message_of(call), Code::unavailable);
  MessageReader reply(answer);
  HttpReply out;
  out.status = static_cast<int>(reply.number());
  reply.bytes();  // its Content-Type
  out.body = reply.text();
  co_return out;
}

Task<WitnessReply> FarWitnessCaller::post(std::string url, Bytes body) {
  const HttpCall call{.method = "POST",
                      .url = std::move(url),
                      .headers = {{"content-type", "text/plain; charset=utf-8"}},
                      .body = std::move(body)};
  const Bytes answer = co_await host_.call(Call::fetch, message_of(call), Code::unavailable);
  MessageReader reply(answer);
  WitnessReply out;
  out.status = static_cast<int>(reply.number());
  out.type = reply.text();
  out.body = reply.text();
  if (out.body.size() > kMostOfWitness) co_return fail(Code::unavailable, "It answers too much.");
  co_return out;
}

}  // namespace kontor::edge
