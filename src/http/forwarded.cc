// Forwarding headers, read from the right: only what trusted proxies appended counts.
#include "http/forwarded.h"

#include "base/encoding.h"

#include <algorithm>

namespace kontor::http {
namespace {

std::string_view trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

// Takes the last element off a list separated by `separator` outside quotes.
std::string_view take_last(std::string_view& list, char separator) {
  bool quoted = false;
  std::size_t cut = list.npos;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == '"') quoted = !quoted;
    if (list[i] == separator && !quoted) cut = i;
  }
  const auto last = cut == list.npos ? list : list.substr(cut + 1);
  list = cut == list.npos ? std::string_view{} : list.substr(0, cut);
  return trim(last);
}

std::string_view unquote(std::string_view s) {
  if (s.size() >= 2 && s.front() == '"' && s.back() == '"') return s.substr(1, s.size() - 2);
  return s;
}

// An address with optional brackets and port, as proxies write hops.
std::optional<IpAddress> parse_hop(std::string_view text) {
  text = unquote(trim(text));
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    return end == text.npos ? std::nullopt : IpAddress::parse(text.substr(1, end - 1));
  }
  const auto colon = text.find(':');
  if (colon != text.npos && text.find(':', colon + 1) == text.npos) text = text.substr(0, colon);
  return IpAddress::parse(text);
}

// A parameter of one element of Forwarded: "for=192.0.2.1;proto=https".
std::string_view forwarded_value(std::string_view element, std::string_view name) {
  while (!element.empty()) {
    const auto pair = take_last(element, ';');
    const auto equals = pair.find('=');
    if (equals != pair.npos && equal_ignoring_case(trim(pair.substr(0, equals)), name))
      return unquote(trim(pair.substr(equals + 1)));
  }
  return {};
}

// Calls `visit(element)` for the elements of all headers of that name from the last to the first,
// until it returns true. At most 32 elements: a client may have put any number before the proxy's.
template <class Visit>
void from_the_right(const Request& request, std::string_view name, Visit visit) {
  int steps = 32;
  for (auto h = request.headers.rbegin(); h != request.headers.rend(); ++h) {
    if (!equal_ignoring_case(h->name, name)) continue;
    for (auto list = h->value; !list.empty();)
      if (visit(take_last(list, ',')) || --steps == 0) return;
  }
}

// The last element of the last header of that name.
std::string_view last_element(const Request& request, std::string_view name) {
  std::string_view found;
  from_the_right(request, name, [&](std::string_view element) {
    found = element;
    return true;
  });
  return found;
}

IpAddress client_address(const Request& request, const Peer& peer, const ProxyRules& rules) {
  IpAddress client = peer.address;
  bool any = false;
  const auto step = [&](std::string_view hop) {
    any = true;
    const auto address = parse_hop(hop);
    if (address) client = *address;
    return !address || !contains(rules.trusted, *address);
  };
  from_the_right(request, "x-forwarded-for", step);
  if (!any)
    from_the_right(request, "forwarded",
                   [&](std::string_view element) { return step(forwarded_value(element, "for")); });
  if (!any) step(request.header("cf-connecting-ip"));
  return client;
}

// Scheme and host as the trusted proxy tells them, where it does.
void apply_forwarded_url(const Request& request, std::string_view& host, bool& tls) {
  const auto element = last_element(request, "forwarded");
  auto proto = last_element(request, "x-forwarded-proto");
  if (proto.empty()) proto = forwarded_value(element, "proto");
  if (equal_ignoring_case(proto, "https")) tls = true;
  if (equal_ignoring_case(proto, "http")) tls = false;
  auto outer = last_element(request, "x-forwarded-host");
  if (outer.empty()) outer = forwarded_value(element, "host");
  if (!outer.empty()) host = outer;
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

bool is_port(std::string_view text) {
  unsigned n = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    n = n * 10 + static_cast<unsigned>(c - '0');
    if (n > 65535) return false;
  }
  return !text.empty();
}

}  // namespace

bool is_valid_host(std::string_view host) {
  if (host.empty() || host.size() > 261) return false;
  std::string_view rest;
  if (host.front() == '[') {
    const auto end = host.find(']');
    if (end == host.npos || host.substr(1, end - 1).find(':') == host.npos) return false;
    if (!IpAddress::parse(host.substr(1, end - 1))) return false;
    rest = host.substr(end + 1);
  } else {
    const auto end = std::ranges::find_if_not(host, is_name_character);
    if (end == host.begin()) return false;
    rest = host.substr(static_cast<std::size_t>(end - host.begin()));
  }
  return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
}

Result<void> resolve_origin(const Request& request, std::string_view host, const Peer& peer,
                            const ProxyRules& rules, Origin& out) {
  out.tls = peer.tls;
  out.trusted_peer = !rules.trusted.empty() && contains(rules.trusted, peer.address);
  if (!out.trusted_peer) {
    out.address.assign(peer.text);
  } else {
    out.address = client_address(request, peer, rules).to_string();
    apply_forwarded_url(request, host, out.tls);
  }
  if (!rules.public_url.empty()) {
    out.base_url.assign(rules.public_url);
    return {};
  }
  if (host.empty()) host = peer.local;
  if (!is_valid_host(host))
    return fail(Code::bad_request, "The Host header must be a name or address with optional port.");
  out.base_url.assign(out.tls ? "https://" : "http://").append(host);
  return {};
}

}  // namespace kontor::http
