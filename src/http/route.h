#pragma once
// Routes as tables: method, pattern, access level, handler, one sentence of documentation. The
// dispatcher, docs/api.md and the test that walks every route are all made from these tables.
#include "base/task.h"
#include "domain/principal.h"
#include "http/message.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::http {

// What a caller needs before a handler runs, and before the body is read. Permission on the single
// package is decided afterwards, by the use case.
enum class Access : std::uint8_t {
  open,     // anybody; a credential is not even looked at, so a stale one does no harm
  read,     // anybody who may read public packages; a credential, if given, must be valid
  account,  // a valid credential
  write,    // a valid credential that may write
  full,     // a valid credential with full rights: passwords, tokens, owners
  admin,    // an administrator with full rights
  metrics,  // an administrator, or the configured scrape token
};

std::string_view to_string(Access access);

// Pattern segments: a literal, ":name" (one segment), ":pkg" (a package name: one segment, or
// "@scope" and the next one, or "@scope/name" encoded in one), "*name" (all that are left, at least
// one, with slashes between). `Handler` is the service's own
// function type; http knows nothing of it.
struct RouteInfo {
  Method method;
  std::string_view pattern;
  Access access;
  std::string_view doc;
};

// Values of a pattern's parameters, decoded.
class Params {
 public:
  void add(std::string_view name, std::string value);
  void clear() { size_ = 0; }
  const std::string& operator[](std::string_view name) const;  // empty where absent

 private:
  struct Entry {
    std::string_view name;
    std::string value;
  };
  std::array<Entry, 4> entries_;
  std::size_t size_ = 0;
};

// Whether the segments fit the pattern; fills `params`.
bool match_pattern(std::string_view pattern, std::span<const std::string> segments, Params& params);

// Names of the limits that count for requests to a set of routes; empty or unknown: none.
struct RateGroups {
  std::string_view anonymous_read = {};
  std::string_view anonymous_write = {};
  std::string_view read = {};  // with a credential
  std::string_view write = {};
  bool shown = false;  // every answer says what is left
};

// One request on its way to a handler: everything the dispatcher found out about it.
struct Call {
  const Request& request;
  Principal principal;
  Params params;
  std::string base;               // base_url plus the registry's path prefix, no trailing slash
  std::string_view family = {};   // of routes
  std::string_view pattern = {};  // of the route
  const RateGroups* rates = nullptr;  // of the routes; null: no limits
};

}  // namespace kontor::http
