#pragma once
// What Ori's handlers share: names from routes, small answers, cache rules.
#include "base/json.h"
#include "formats/ori/service.h"
#include "http/route.h"
#include "registry/actor.h"
#include "registry/standing.h"

#include <string>

namespace kontor::ori {

// The package a route names; not_found for a name that could not have been published.
Result<PackageKey> package_of(const http::Call& call);
// The same with the version; version_not_found for a text that is none.
Result<VersionName> version_of(const http::Call& call);

std::string json_text(const Json& value);

// 200 for whoever asked, never cached.
http::Response fresh(const Json& body);

// A query parameter as a number up to `max`; `otherwise` where it is absent. bad_request where it
// is no number.
Result<std::uint32_t> query_number(const http::Request& request, std::string_view name,
                                   std::uint32_t otherwise, std::uint32_t max);
bool query_flag(const http::Request& request, std::string_view name);  // "1" or "true"

}  // namespace kontor::ori
