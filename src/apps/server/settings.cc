// Plain translation; ranges were checked when the configuration was loaded.
#include "apps/server/settings.h"

namespace kontor {
namespace {

// A publish sends its tarball in base64 (4/3) inside a document.
std::uint64_t largest_body(const LimitsConfig& limits) {
  return limits.max_tarball_bytes / 3 * 4 + limits.max_document_bytes + 4096;
}

}  // namespace

net::ServerSettings server_settings(const Config& c) {
  net::ServerSettings s;
  s.limits.head.header_bytes = c.limits.max_header_bytes;
  s.limits.head.header_count = static_cast<std::size_t>(c.limits.max_headers);
  s.limits.body_bytes = largest_body(c.limits);
  s.limits.connections = static_cast<std::uint32_t>(c.limits.max_connections);
  s.limits.connections_per_address =
      static_cast<std::uint32_t>(c.limits.max_connections_per_address);
  s.limits.header_timeout = c.limits.header_timeout;
  s.limits.body_timeout = c.limits.body_timeout;
  s.limits.idle_timeout = c.limits.idle_timeout;
  s.proxies.public_url = c.public_url;
  for (const auto& block : c.trusted_proxies)
    if (auto cidr = Cidr::parse(block)) s.proxies.trusted.push_back(*cidr);
  return s;
}

std::optional<net::TlsOptions> tls_options(const Config& c) {
  if (!c.tls.enabled()) return std::nullopt;
  return net::TlsOptions{.certificate_file = c.tls.cert_file, .key_file = c.tls.key_file};
}

}  // namespace kontor
