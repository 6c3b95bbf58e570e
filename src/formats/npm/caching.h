#pragma once
// What caches may do with an answer (rows CDN-01, AUTH-12). Every GET says it explicitly: without it
// npm guesses a lifetime from Last-Modified and serves stale documents.
#include "http/message.h"
#include "ports/package_records.h"
#include "registry/settings.h"

namespace kontor::npm {

// Documents about packages change at any time and are asked for again each time; shared caches may
// keep those of open packages as long as the settings say.
void cache_document(http::Response& response, Visibility visibility, const Settings& settings);

// Answers that depend on who asks, or that must be fresh.
void never_cache(http::Response& response);

// Lists and search results: what anonymous callers see may stay in shared caches for `seconds`. A
// cache in front of us passes requests with Authorization through; "Vary: authorization" would say
// so, but makes npm write the token to its disk cache.
void cache_list(http::Response& response, const Principal& who, const Settings& settings,
                std::uint32_t seconds);

// The ETag of one representation of one state of a package. Owners and stars are part of the state
// because they change with accounts too, without a new revision.
std::string make_etag(const PackageRecord& package, std::string_view base,
                      std::string_view representation);

}  // namespace kontor::npm
