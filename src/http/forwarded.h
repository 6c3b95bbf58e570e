#pragma once
// Where a request really came from and under which URL we were called: the one place that believes
// or disbelieves X-Forwarded-*, Forwarded (RFC 7239) and CF-Connecting-IP.
#include "base/error.h"
#include "domain/cidr.h"
#include "http/message.h"

#include <string>
#include <string_view>
#include <vector>

namespace kontor::http {

// What the connection itself tells.
struct Peer {
  IpAddress address;
  std::string_view text;   // the address as text
  std::string_view local;  // host:port the client connected to, for requests without a Host
  bool tls = false;
};

struct ProxyRules {
  std::vector<Cidr> trusted;  // peers whose forwarding headers are believed
  std::string public_url;     // "https://host[:port][/path]", no final slash; empty: per request
};

struct Origin {
  std::string address;        // the client's, without port
  std::string base_url;       // scheme://host[:port], or the public URL
  bool tls = false;           // whether the client itself spoke TLS
  bool trusted_peer = false;  // the peer is a trusted proxy
};

// host[:port] with a name, an IPv4 address or a bracketed IPv6 address: what may stand in a URL
// that we write into documents.
bool is_valid_host(std::string_view host);

// Fills `out`, whose strings keep their memory from request to request. `host` is the Host header
// or :authority, empty where HTTP/1.0 sent none. From a trusted peer:
//   address  the right-most untrusted hop of X-Forwarded-For, else of Forwarded, else
//            CF-Connecting-IP; a hop that is no address ends the walk at the hop before it
//   scheme   the last X-Forwarded-Proto, else proto= of the last Forwarded element
//   host     the last X-Forwarded-Host, else host= of the last Forwarded element
// bad_request where the host is not valid and no public URL is configured.
Result<void> resolve_origin(const Request& request, std::string_view host, const Peer& peer,
                            const ProxyRules& rules, Origin& out);

}  // namespace kontor::http
