#pragma once
// What npm's handlers share: names from routes, small bodies, small answers.
#include "base/json.h"
#include "domain/package_name.h"
#include "formats/npm/manifest.h"
#include "formats/npm/service.h"
#include "http/route.h"
#include "registry/actor.h"
#include "registry/publish.h"

#include <string>

namespace kontor::npm {

// The package a route names. not_found for a name that could not have been published;
// reserved_name for those that only the prefixed registry serves (row D-01).
Result<PackageKey> package_of(const http::Call& call);

// The error for a version in quarantine.
Task<Error> quarantine_of(Registry& registry, PackageRecord package, std::string version);

PublishTarget publish_target(const PackageName& name);

// As documents show the caller.
Task<Person> person_of(Registry& registry, Principal who);

// {"ok":true,"success":true,...} in the forms that npm, yarn 1 and couch tools look for.
// `more` are further members.
http::Response changed(std::uint16_t status, const PackageKey& key, std::uint64_t revision,
                       const Json& more = Json::object());
http::Response ok_json(const Json& body);  // 200, never cached

// A small JSON body, plain or gzip. unsupported_media for another content-encoding.
Task<Json> read_json(const http::Call& call, std::uint64_t max_bytes);
// A body that is one JSON string, as dist-tags are set with.
Task<std::string> read_json_string(const http::Call& call);

}  // namespace kontor::npm
