#pragma once
// nghttp2's callbacks, translated to calls of an Http2Connection.
#include <memory>

struct nghttp2_session;

namespace kontor::net {

class Http2Connection;
struct Limits;

// A server's session that reports to `connection`, with our settings submitted. Never null.
nghttp2_session* new_http2_session(Http2Connection& connection, const Limits& limits);

}  // namespace kontor::net
