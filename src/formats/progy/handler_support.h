#pragma once
// What Progy's handlers share: names from routes, small answers.
#include "base/json.h"
#include "formats/progy/service.h"
#include "http/route.h"
#include "registry/actor.h"

#include <string>

namespace kontor::progy {

// The course that a route names, by `pkg` (which may be encoded in one segment, with its @ or
// without it) or by `scope` and `slug`. A bare slug is one of the caller's own courses, or else the
// public course of that slug that was published last. not_found where no course can be meant. Row
// D-08.
Task<PackageKey> course_of(Registry& registry, const http::Call& call);

// The course, as load_readable() has it; under its new name where its user was renamed: `key` of
// the record is what it is called.
Task<PackageRecord> load_course(Registry& registry, const http::Call& call, PackageKey key);

std::string json_text(const Json& value);

// 200 for whoever asked, never cached.
http::Response fresh(const Json& body);

// "<base>/registry/download/@user/slug/1.0.0"
std::string download_url(const http::Call& call, std::string_view package,
                         std::string_view version);

}  // namespace kontor::progy
