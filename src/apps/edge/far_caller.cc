// Method, URL, headers by name and value, body; the answer is a status and a body.
#include "apps/edge/far_caller.h"

namespace kontor::edge {

Task<HttpReply> FarCaller::send(HttpCall call) {
  MessageWriter message;
  message.bytes(call.method).bytes(call.url);
  message.number(static_cast<std::uint32_t>(call.headers.size()));
  for (const auto& [name, value] : call.headers) message.bytes(name).bytes(value);
  message.bytes(call.body);
  const Bytes answer = co_await host_.call(Call::fetch, message.take(), Code::unavailable);
  MessageReader reply(answer);
  HttpReply out;
  out.status = static_cast<int>(reply.number());
  out.body = reply.text();
  co_return out;
}

}  // namespace kontor::edge
